"""Reading tokens with recovery: what every part of the parser is built on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from coe_scaffold.bicep.diagnostics import Diagnostics
from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.bicep.syntax import tree
from coe_scaffold.bicep.syntax.tokens import END, IDENTIFIER, NEWLINE, STRING_RIGHT, Token

MAXIMUM_DEPTH = 90
"""How deep expressions and types may nest; far beyond any real file, below Python's own limit."""

ENDS = (STRING_RIGHT, "}", ")", "]", NEWLINE)
"""Where the parser picks up again after an error inside an expression."""

DECLARATION_WORDS = frozenset(
    [
        "targetScope",
        "metadata",
        "type",
        "param",
        "var",
        "func",
        "resource",
        "output",
        "module",
        "test",
        "import",
        "extension",
        "assert",
        "using",
        "extends",
    ]
)

NodeT = TypeVar("NodeT", bound=tree.Node)


class Expected(Exception):  # noqa: N818 - control flow inside the parser, never seen outside
    """Another token stands where the grammar wants a certain one; caught by :meth:`TokenReader.recover`."""

    def __init__(self, token: Token, code: str, message: str) -> None:
        super().__init__(message)
        self.token = token
        self.code = code
        self.message = message


class TokenReader:
    """A position in the tokens of one file. The last token is always ``END`` and is never consumed."""

    def __init__(self, tokens: list[Token], diagnostics: Diagnostics) -> None:
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.position = 0
        self.depth = 0
        self.last_error = -1
        self.steps = 0
        """How many tokens were read or skipped, to show that the work is linear in the size of the file."""

    @property
    def current(self) -> Token:
        """The next token."""
        return self.tokens[self.position]

    @property
    def kind(self) -> str:
        """The kind of the next token."""
        return self.tokens[self.position].kind

    def ahead(self, *, skip_newline: bool = False) -> Token:
        """Return the token after the next one, or the one after a newline there."""
        index = min(self.position + 1, len(self.tokens) - 1)
        if skip_newline and self.tokens[index].kind == NEWLINE:
            index = min(index + 1, len(self.tokens) - 1)
        return self.tokens[index]

    def after_newline(self) -> Token:
        """Return the next token that is not a newline."""
        token = self.current
        return self.ahead() if token.kind == NEWLINE else token

    def take(self) -> Token:
        """Consume and return the next token."""
        token = self.tokens[self.position]
        self.steps += 1
        if token.kind != END:
            self.position += 1
        return token

    def skip_newlines(self) -> None:
        """Consume a newline when there is one (the lexer merges several into one)."""
        if self.kind == NEWLINE:
            self.take()

    def at_word(self, word: str) -> bool:
        """Whether the next token is that identifier."""
        token = self.current
        return token.kind == IDENTIFIER and token.value == word

    def expect(self, kind: str) -> Token:
        """Consume a symbol, or raise Expected with the official message."""
        if self.kind == kind:
            return self.take()
        raise Expected(self.current, "BCP018", f'Expected the "{kind}" character at this location.')

    def expect_word(self, word: str) -> Token:
        """Consume a keyword."""
        if self.at_word(word):
            return self.take()
        raise Expected(self.current, "BCP012", f'Expected the "{word}" keyword at this location.')

    def identifier(self, code: str, message: str) -> Token:
        """Consume an identifier."""
        if self.kind == IDENTIFIER:
            token = self.take()
            if len(token.value) > 255:
                self.diagnostics.error(
                    token.start,
                    "BCP024",
                    "The identifier exceeds the limit of 255. Reduce the length of the identifier.",
                )
            return token
        raise Expected(self.current, code, message)

    def recover(self, parse: Callable[[], NodeT], *ends: str) -> NodeT | tree.Skipped:
        """Parse; on an error record it, skip to one of the token kinds, and return Skipped."""
        start = self.current.start
        try:
            return parse()
        except Expected as error:
            if error.token.start != self.last_error:  # one message for one place
                self.diagnostics.error(error.token.start, error.code, error.message)
            self.last_error = error.token.start
            while self.kind not in ends and self.kind != END:
                self.take()
            return tree.Skipped(start)

    def elements(self, close: str, parse: Callable[[], tree.Node]) -> list[tree.Node]:
        """Parse items up to a closing token, separated by newlines or commas."""
        items: list[tree.Node] = []
        self.skip_newlines()
        wanted = True
        while self.kind not in (close, END):
            if wanted:
                items.append(self.recover(parse, NEWLINE, close))
                wanted = False
                continue
            if self.kind == NEWLINE:
                self.take()
            elif self.kind == ",":
                self.take()
                if self.kind == NEWLINE:
                    self.diagnostics.error(
                        self.current.start,
                        "BCP238",
                        "Unexpected new line character after a comma.",
                    )
                    self.take()
            else:
                self.diagnostics.error(
                    self.current.start, "BCP236", "Expected a new line or comma character at this location."
                )
            wanted = True
        return items

    def arguments(self, close: str, parse: Callable[[], tree.Node]) -> tuple[tree.Node, ...]:
        """Parse comma-separated arguments after an opening token; newlines may follow it and each comma."""
        items: list[tree.Node] = []
        self.skip_newlines()
        while self.kind not in (close, END):
            items.append(self.recover(parse, NEWLINE, ",", close))
            self.skip_newlines()
            if self.kind == ",":
                self.take()
                self.skip_newlines()
                if self.kind == close:
                    items.append(self.recover(parse, NEWLINE, ",", close))
            elif self.kind != close:
                if self.kind != END:
                    self.diagnostics.error(
                        self.current.start, "BCP237", "Expected a comma character at this location."
                    )
                if self.kind in DECLARATION_WORDS or self.current.value in DECLARATION_WORDS:
                    break
                if not self._progresses(items):
                    self.take()
        if self.kind == close:
            self.take()
        else:
            raise Expected(self.current, "BCP018", f'Expected the "{close}" character at this location.')
        return tuple(items)

    def _progresses(self, items: list[tree.Node]) -> bool:
        """Whether the last item consumed something, so that a loop over items ends."""
        return not isinstance(items[-1], tree.Skipped)

    def descend(self) -> None:
        """Count one more level of nesting; raise Expected beyond the limit."""
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            self.depth = 0
            self.position = len(self.tokens) - 1
            raise Expected(self.tokens[self.position], CODE, Refusal.NESTING.message(MAXIMUM_DEPTH))
