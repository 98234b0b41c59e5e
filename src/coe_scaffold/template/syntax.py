"""ARM template expressions: from the text between ``[`` and ``]`` to a tree. Parsed once, then cached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from coe_scaffold.template.failure import TemplateFailure

MAX_LENGTH = 24_576
"""Characters an expression may have (documented limit of ARM templates)."""

MAX_DEPTH = 100
"""Levels of nesting that are parsed; deeper text is refused before Python's stack runs out."""

_TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_$][A-Za-z0-9_$]*)|(?P<mark>[()\[\],.]))"
)


@dataclass(frozen=True, slots=True)
class Literal:
    """A string or number."""

    value: str | int | float


@dataclass(frozen=True, slots=True)
class Call:
    """A function call. ``name`` is in lower case; ``namespace`` is empty for ARM's own functions."""

    name: str
    arguments: tuple[Node, ...]
    written: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Access:
    """A member or element: ``target.name``, ``target['name']``, ``target[0]``."""

    target: Node
    key: Node


Node: TypeAlias = Literal | Call | Access


def is_expression(text: str) -> bool:
    """Return whether a template string is an expression and not plain text."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def plain(text: str) -> str:
    """Return the text that a string which is no expression stands for (``[[x]`` is ``[x]``)."""
    return text[1:] if text.startswith("[[") and text.endswith("]") else text


@lru_cache(maxsize=65_536)
def parse(text: str) -> Node:
    """Return the tree of ``[...]``; raise TemplateFailure with the position (from 0) of what is wrong."""
    if len(text) > MAX_LENGTH:
        raise TemplateFailure(
            f"The language expression length limit exceeded. Limit: '{MAX_LENGTH}' and actual: '{len(text)}'."
        )
    parser = _Parser(text)
    node = parser.expression(0)
    if parser.position != len(parser.tokens):
        raise parser.unexpected("end of expression")
    return node


class _Parser:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str, int]] = []
        self.position = 0
        start, end = 1, len(text) - 1
        inner = text[:end].rstrip()
        while start < len(inner):
            match = _TOKEN.match(inner, start)
            if match is None or match.lastgroup is None:
                raise self.refuse(f"unexpected character '{inner[start:].lstrip()[:1]}'", start)
            self.tokens.append((match.lastgroup, match.group(match.lastgroup), match.start(match.lastgroup)))
            start = match.end()

    def refuse(self, reason: str, position: int) -> TemplateFailure:
        """Return the failure for text that is no expression."""
        shown = self.text if len(self.text) <= 200 else self.text[:200] + "..."
        return TemplateFailure(
            f"Unable to parse language expression '{shown}' at position '{position}': {reason}."
        )

    def unexpected(self, wanted: str) -> TemplateFailure:
        """Return the failure for a token that is not the wanted one."""
        if self.position >= len(self.tokens):
            return self.refuse(f"expected {wanted}, found the end", len(self.text) - 1)
        _, text, place = self.tokens[self.position]
        return self.refuse(f"expected {wanted}, found '{text}'", place)

    def accept(self, mark: str) -> bool:
        """Take the next token when it is this mark."""
        if self.position < len(self.tokens) and self.tokens[self.position][:2] == ("mark", mark):
            self.position += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Take the next token, which must be this mark."""
        if not self.accept(mark):
            raise self.unexpected(f"'{mark}'")

    def name(self) -> str:
        """Take the next token, which must be a name."""
        if self.position >= len(self.tokens) or self.tokens[self.position][0] != "name":
            raise self.unexpected("a name")
        self.position += 1
        return self.tokens[self.position - 1][1]

    def expression(self, depth: int) -> Node:
        """A literal or call with any number of accesses behind it."""
        if depth > MAX_DEPTH:
            raise self.refuse("the expression is nested too deeply", len(self.text))
        if self.position >= len(self.tokens):
            raise self.unexpected("an expression")
        kind, text, _ = self.tokens[self.position]
        node: Node
        if kind == "string":
            self.position += 1
            node = Literal(text[1:-1].replace("''", "'"))
        elif kind == "number":
            self.position += 1
            node = Literal(_number(text))
        elif kind == "name":
            node = self.call(depth)
        else:
            raise self.unexpected("an expression")
        return self.accesses(node, depth)

    def call(self, depth: int) -> Call:
        """``name(arguments)`` or ``namespace.name(arguments)``."""
        namespace, name = "", self.name()
        if self.accept("."):
            namespace, name = name, self.name()
        self.expect("(")
        arguments: list[Node] = []
        if not self.accept(")"):
            arguments.append(self.expression(depth + 1))
            while self.accept(","):
                arguments.append(self.expression(depth + 1))
            self.expect(")")
        return Call(name.lower(), tuple(arguments), name, namespace)

    def accesses(self, node: Node, depth: int) -> Node:
        """``.name`` and ``[key]`` behind a node."""
        links = 0
        while True:
            if self.accept("."):
                node = Access(node, Literal(self.name()))
            elif self.accept("["):
                node = Access(node, self.expression(depth + 1))
                self.expect("]")
            else:
                return node
            links += 1
            if links > MAX_DEPTH:
                raise self.refuse("the expression is nested too deeply", len(self.text))


def _number(text: str) -> int | float:
    return int(text) if re.fullmatch(r"-?\d+", text) else float(text)


def written(node: Node) -> str:
    """Return a tree as text again, as it would stand between the brackets."""
    match node:
        case Literal(value=str() as value):
            return "'" + value.replace("'", "''") + "'"
        case Literal(value=value):
            return str(value)
        case Access(target=target, key=Literal(value=str() as name)) if re.fullmatch(r"[A-Za-z_]\w*", name):
            return f"{written(target)}.{name}"
        case Access(target=target, key=key):
            return f"{written(target)}[{written(key)}]"
        case Call() as call:
            prefix = f"{call.namespace}." if call.namespace else ""
            return f"{prefix}{call.written}({', '.join(written(item) for item in call.arguments)})"
