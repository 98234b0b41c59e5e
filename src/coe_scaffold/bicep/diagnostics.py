"""Collecting what is wrong with a file, with places, so that one run reports several problems."""

from __future__ import annotations

import re
from bisect import bisect_right

from coe_scaffold.bicep.refusals import CODE, Refusal
from coe_scaffold.errors import CompileError, Problem

_LINE_END = re.compile(r"\r\n|\r|\n")


class SourceText:
    """The text of one file and the way from an offset to a line and column (both from 1)."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] = []

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset; CR, LF and CR LF each end a line."""
        if not self._starts:
            self._starts = _line_starts(self.text)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _LINE_END.finditer(text))]


class Diagnostics:
    """The problems of one source file, in the order they were found; equal ones are kept once."""

    def __init__(self, source: SourceText, known: tuple[Problem, ...] = ()) -> None:
        self.source = source
        self._problems: dict[Problem, None] = dict.fromkeys(known)
        self._errors = sum(problem.severity == "Error" for problem in known)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem so far."""
        return tuple(self._problems)

    @property
    def failed(self) -> bool:
        """Whether one of the problems is an error."""
        return self._errors > 0

    def error(self, offset: int, code: str, message: str) -> None:
        """Record an error at an offset of the file."""
        self._add(offset, code, message, "Error")

    def warning(self, offset: int, code: str, message: str) -> None:
        """Record a warning at an offset of the file."""
        self._add(offset, code, message, "Warning")

    def unsupported(self, offset: int, construct: Refusal, name: object = "") -> None:
        """Record that a construct of the language is valid but not supported here."""
        self.error(offset, CODE, construct.message(name))

    def raise_if_failed(self) -> None:
        """Raise CompileError with every problem when one of them is an error."""
        if self.failed:
            raise CompileError(self.problems, summary=f"{self.source.path} cannot be compiled")

    def stop(self, offset: int, code: str, message: str) -> CompileError:
        """Record an error after which nothing more can be said, and return the exception to raise."""
        self.error(offset, code, message)
        return CompileError(self.problems, summary=f"{self.source.path} cannot be compiled")

    def _add(self, offset: int, code: str, message: str, severity: str) -> None:
        line, column = self.source.place(offset)
        problem = Problem(self.source.path, line, column, message, code=code, severity=severity)
        if problem not in self._problems:
            self._problems[problem] = None
            self._errors += severity == "Error"


def official_format(problem: Problem) -> str:
    """Return a problem as the official compiler prints it: ``file(line,col): Error CODE: message``."""
    place = f"{problem.file}({problem.line},{problem.column})"
    return f"{place}: {problem.severity} {problem.code}: {problem.message}"
