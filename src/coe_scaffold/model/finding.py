"""Findings: what a guardrail, a separation-of-duty rule or an audit says about one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from coe_scaffold.model.json import Value


class Severity(StrEnum):
    """How bad a failed rule is."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for low to 3 for critical."""
        return ("low", "medium", "high", "critical").index(self.value)


class Outcome(StrEnum):
    """The verdict of one rule on one thing. Unknown never counts as a pass."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    EXCEPTED = "excepted"


@dataclass(frozen=True)
class Finding:
    """One verdict.

    ``subject`` is a resource id, a scope or a file; ``location`` is ``file:line`` of the source when
    known; ``owner`` is the id of the CoE function that owns the rule and may grant an exception.
    """

    rule: str
    title: str
    severity: Severity
    outcome: Outcome
    subject: str
    message: str
    owner: str
    fix: str = ""
    path: str = ""
    actual: Value = field(default=None, hash=False)
    expected: Value = field(default=None, hash=False)
    location: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this finding must stop a plan: a failed rule of severity high or critical."""
        return self.outcome is Outcome.FAIL and self.severity.rank >= Severity.HIGH.rank
