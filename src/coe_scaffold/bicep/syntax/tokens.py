"""Bicep source text to tokens, with string pieces around ``${ }`` holes already unescaped."""

from __future__ import annotations

import re
from typing import NamedTuple

from coe_scaffold.bicep.diagnostics import Diagnostics

IDENTIFIER = "identifier"
INTEGER = "integer"
NEWLINE = "newline"
END = "end"
STRING = "string"
STRING_LEFT = "string-left"
STRING_MIDDLE = "string-middle"
STRING_RIGHT = "string-right"
UNKNOWN = "unknown"
LITERALS = frozenset({"true", "false", "null"})

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", "$": "$"}
_ESCAPE_LIST = '"\\$", "\\\'", "\\\\", "\\n", "\\r", "\\t", "\\u{...}"'

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\f\v\u00a0\ufeff]+|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)
    |(?P<newline>[\r\n]+)
    |(?P<identifier>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<integer>[0-9]+)
    |(?P<multiline>\$*''')
    |(?P<string>')
    |(?P<symbol>\.\.\.|=>|==|=~|!=|!~|<=|>=|&&|\|\||\?\?|::|[{}()\[\]@,.?:;+\-%*/!<>=|^#])""",
    re.VERBOSE,
)
_PLAIN = re.compile(r"[^'\\$\r\n]+")
_UNICODE = re.compile(r"\\u\{([0-9A-Fa-f]+)\}")
_PRAGMA = re.compile(r"#(?:disable-next-line|disable-diagnostics|restore-diagnostics)\b[^\r\n]*")


class Token(NamedTuple):
    """A token: ``kind`` is one of the constants above or the symbol itself; ``value`` is unescaped text."""

    kind: str
    value: str
    start: int
    end: int


class Lexer:
    """Turns the whole text into tokens; problems go to the diagnostics and never stop it."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self.diagnostics = diagnostics
        self.text = diagnostics.source.text
        self.tokens: list[Token] = []
        self.holes: list[int] = []
        """Open holes and braces inside them: -1 a brace, 0 a string hole, n a ``$*n`` multi-line hole."""

    def run(self) -> list[Token]:
        """Return all tokens; the last one has the kind ``END``."""
        position, text, match = 0, self.text, _TOKEN.match
        add = self.tokens.append
        while position < len(text):
            found = match(text, position)
            if found is None:
                position = self._unrecognised(position)
                continue
            kind, end = found.lastgroup, found.end()
            if kind == "blank":
                pass
            elif kind == "symbol":
                end = self._symbol(found.group(), position, end)
            elif kind == "string":
                end = self._string(position, end, first=True)
            elif kind == "multiline":
                end = self._multiline(position, end, len(found.group()) - 3, first=True)
            elif kind == "newline":
                if not self.tokens or self.tokens[-1].kind != NEWLINE:
                    add(Token(NEWLINE, "\n", position, end))
            elif kind == "identifier":
                word = found.group()
                add(Token(word if word in LITERALS else IDENTIFIER, word, position, end))
            else:
                add(Token(INTEGER, found.group(), position, end))
            position = end
        add(Token(END, "", len(text), len(text)))
        return self.tokens

    def _unrecognised(self, position: int) -> int:
        character = self.text[position]
        if character == '"':
            self.diagnostics.error(
                position,
                "BCP103",
                'The following token is not recognized: """. '
                "Strings are defined using single quotes in bicep.",
            )
        else:
            self.diagnostics.error(
                position, "BCP001", f'The following token is not recognized: "{character}".'
            )
        self.tokens.append(Token(UNKNOWN, character, position, position + 1))
        return position + 1

    def _symbol(self, symbol: str, start: int, end: int) -> int:
        if symbol == "/" and self.text.startswith("/*", start):
            self.diagnostics.error(
                start,
                "BCP002",
                "The multi-line comment at this location is not terminated. "
                "Terminate it with the */ character sequence.",
            )
            return len(self.text)
        if symbol == "#":
            pragma = _PRAGMA.match(self.text, start)
            if pragma and (not self.tokens or self.tokens[-1].kind == NEWLINE):
                return pragma.end()
            return self._unrecognised(start)
        if self.holes:
            if symbol == "{":
                self.holes.append(-1)
            elif symbol == "}":
                hole = self.holes.pop()
                if hole == 0:
                    return self._string(start, end, first=False)
                if hole > 0:
                    return self._multiline(start, end, hole, first=False)
        self.tokens.append(Token(symbol, symbol, start, end))
        return end

    def _string(self, start: int, position: int, *, first: bool) -> int:
        """Scan a single-line string piece from after its opening quote or brace; return where it ends."""
        text, parts = self.text, []
        while True:
            plain = _PLAIN.match(text, position)
            if plain:
                parts.append(plain.group())
                position = plain.end()
            character = text[position : position + 1]
            if character == "'":
                kind = STRING if first else STRING_RIGHT
                self.tokens.append(Token(kind, _joined(parts), start, position + 1))
                return position + 1
            if character == "$" and text.startswith("${", position):
                self.holes.append(0)
                kind = STRING_LEFT if first else STRING_MIDDLE
                self.tokens.append(Token(kind, _joined(parts), start, position + 2))
                return position + 2
            if character == "\\":
                value, position = self._escape(position)
                parts.append(value)
            elif character == "$":
                parts.append("$")
                position += 1
            else:
                self._unterminated(start, at_end=not character)
                self.tokens.append(Token(STRING if first else STRING_RIGHT, "".join(parts), start, position))
                return position

    def _unterminated(self, start: int, *, at_end: bool) -> None:
        if at_end:
            code, message = "BCP003", "Terminate the string with a single quote character."
            message = f"The string at this location is not terminated. {message}"
        else:
            code = "BCP004"
            message = "The string at this location is not terminated due to an unexpected new line character."
        self.diagnostics.error(start, code, message)

    def _escape(self, position: int) -> tuple[str, int]:
        escaped = self.text[position + 1 : position + 2]
        if escaped == "u":
            found = _UNICODE.match(self.text, position)
            if found and len(found.group(1)) <= 8 and int(found.group(1), 16) <= 0x10FFFF:
                return chr(int(found.group(1), 16)), found.end()
        elif escaped in _ESCAPES:
            if escaped == "$" and self.text.startswith("{", position + 2):
                return "${", position + 3
            return _ESCAPES[escaped], position + 2
        self.diagnostics.error(
            position,
            "BCP006",
            "The specified escape sequence is not recognized. "
            f"Only the following escape sequences are allowed: {_ESCAPE_LIST}.",
        )
        return "", position + 1

    def _multiline(self, start: int, position: int, dollars: int, *, first: bool) -> int:
        """Scan a piece of a ``'''`` string; ``dollars`` is how many ``$`` open a hole (0: none do)."""
        text, content = self.text, position
        if first:
            if text.startswith("\r", content):
                content += 1
            if text.startswith("\n", content):
                content += 1
        hole = "$" * dollars + "{" if dollars else ""
        position = content if first else position
        while True:
            quote = text.find("'''", position)
            opening = text.find(hole, position, None if quote < 0 else quote) if hole else -1
            if opening >= 0:
                end = opening + len(hole)
                self.holes.append(dollars)
                kind = STRING_LEFT if first else STRING_MIDDLE
                self.tokens.append(Token(kind, text[content:opening], start, end))
                return end
            kind = STRING if first else STRING_RIGHT
            if quote < 0:
                self.diagnostics.error(
                    start,
                    "BCP140",
                    "The multi-line string at this location is not terminated. Terminate it with \"'''\".",
                )
                self.tokens.append(Token(kind, text[content:], start, len(text)))
                return len(text)
            end = quote + 3
            while text.startswith("'", end):
                end += 1
            self.tokens.append(Token(kind, text[content : end - 3], start, end))
            return end


def _joined(parts: list[str]) -> str:
    """Return the pieces of a string; two escaped halves of a character become that character."""
    text = "".join(parts)
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
