"""Approvals of a plan file: who said yes to exactly these bytes, for which function, and when."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coe_scaffold.model.json import JsonObject

APPROVALS_FORMAT = "coe-scaffold/approvals/v1"


@dataclass(frozen=True)
class Approval:
    """One yes. ``by`` is the person as the machine knows them, ``at`` an ISO 8601 UTC time."""

    function: str
    by: str
    at: str


@dataclass(frozen=True)
class Approvals:
    """The approvals of one plan; ``plan`` is the SHA-256 of its file."""

    plan: str
    environment: str
    given: tuple[Approval, ...] = ()

    def missing(self, functions: tuple[str, ...]) -> tuple[str, ...]:
        """Return the functions that have not approved yet."""
        have = {approval.function for approval in self.given}
        return tuple(function for function in functions if function not in have)

    def plus(self, approval: Approval) -> Approvals:
        """Return these approvals with one more, which replaces an earlier one of its function."""
        others = tuple(one for one in self.given if one.function != approval.function)
        return replace(self, given=(*others, approval))


def approvals_to_json(approvals: Approvals) -> dict[str, object]:
    """Return approvals as JSON, lossless."""
    return {
        "format": APPROVALS_FORMAT,
        "plan": approvals.plan,
        "environment": approvals.environment,
        "approvals": [{"function": one.function, "by": one.by, "at": one.at} for one in approvals.given],
    }


def approvals_from_json(data: JsonObject) -> Approvals:
    """Return what :func:`approvals_to_json` wrote; raise KeyError, TypeError or ValueError otherwise."""
    if data["format"] != APPROVALS_FORMAT:
        raise ValueError(f"its format is {data['format']!r}, not {APPROVALS_FORMAT}")
    given = tuple(Approval(one["function"], one["by"], one["at"]) for one in data["approvals"])
    return Approvals(data["plan"], data["environment"], given)
