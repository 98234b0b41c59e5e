"""Errors a user can act on.

CoeError                    summary, detail, fix, code; exit status of its class
├── UsageError          (2)  wrong input on the command line
│   └── TargetExistsError    a file or folder that would be overwritten
├── ProblemsError       (1)  several problems in files
│   ├── ConfigError     (2)  coe.yaml, project.yaml or a parameter file that cannot be used
│   └── CompileError    (1)  Bicep or an ARM template that cannot be compiled or evaluated
├── CloudError          (1)  what ARM answered, in one line of cause and one of fix
├── StalePlanError      (1)  a plan whose inputs or observed state have moved
├── CorruptStateError   (1)  a state file of ours that cannot be read
├── BlockedError        (3)  a blocking finding
└── PartialApplyError   (5)  some steps failed; the journal says which

Only ``cli/main.py`` prints these or ends the process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong with a user's file.

    ``line`` and ``column`` count from 1; 0 means the whole file. ``code`` is a stable identifier
    such as ``COE-CFG-012`` or an official one such as ``BCP057``.
    """

    file: str
    line: int
    column: int
    message: str
    fix: str = ""
    code: str = ""
    severity: str = "Error"

    def __str__(self) -> str:
        """Return it on one line; what a file holds cannot steer a terminal from there."""
        place = self.file if not self.line else f"{self.file}:{self.line}:{self.column}"
        text = f"{place}: {self.message}"
        if self.fix:
            text += f". {self.fix}"
        text = f"{text} [{self.code}]" if self.code else text
        return "".join(character if character.isprintable() else " " for character in text)


class CoeError(Exception):
    """Base of all expected errors: what is wrong, the detail, what to do, a stable code."""

    exit_code: ClassVar[int] = 1

    def __init__(self, summary: str, *, detail: str = "", fix: str = "", code: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.fix = fix
        self.code = code


class UsageError(CoeError):
    """Wrong or missing input on the command line."""

    exit_code = 2


class TargetExistsError(UsageError):
    """A file or folder of the user's that would be overwritten."""


class ProblemsError(CoeError):
    """Several problems in files, sorted by place."""

    def __init__(
        self, problems: Iterable[Problem], *, summary: str = "", fix: str = "", code: str = ""
    ) -> None:
        self.problems = tuple(sorted(problems))
        count = len(self.problems)
        super().__init__(
            summary or f"{count} problem{'s' if count != 1 else ''} found",
            detail="\n".join(str(problem) for problem in self.problems),
            fix=fix,
            code=code,
        )


class ConfigError(ProblemsError):
    """A configuration or parameter file that cannot be used."""

    exit_code = 2


class CompileError(ProblemsError):
    """Bicep or an ARM template that cannot be compiled or evaluated."""


class CloudError(CoeError):
    """What Azure Resource Manager answered, translated; ``code`` is ARM's own error code."""

    def __init__(
        self,
        summary: str,
        *,
        detail: str = "",
        fix: str = "",
        code: str = "",
        status: int = 0,
        correlation_id: str = "",
    ) -> None:
        super().__init__(summary, detail=detail, fix=fix, code=code)
        self.status = status
        self.correlation_id = correlation_id


class StalePlanError(CoeError):
    """A plan whose inputs or observed state have changed since it was made."""


class CorruptStateError(CoeError):
    """A state file of ours that cannot be read."""


class BlockedError(CoeError):
    """A blocking finding: guardrail, separation of duties, audit or review."""

    exit_code = 3


class PartialApplyError(CoeError):
    """Some steps of a plan failed; what succeeded stands and the journal names it."""

    exit_code = 5
