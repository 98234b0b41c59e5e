"""Checks before applying, for people and as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from coe_scaffold.model.json import Json
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.operations.preflight import problems
from coe_scaffold.operations.rights import by_role
from coe_scaffold.report.style import clean, paint

FORMAT = "coe-scaffold/doctor/v1"
_SYMBOLS = {Verdict.OK: "+", Verdict.PROBLEM: "!", Verdict.UNKNOWN: "?"}


def text(checks: Sequence[Check], *, environment: str, every: bool = False, colour: bool = False) -> str:
    """Return one line for each check, its fix below, and a sentence at the end.

    The actions of one missing role at one scope are one line, unless ``every`` one is asked for.
    """
    lines = []
    shown = checks if every else by_role(checks)
    for check in shown:
        symbol = _SYMBOLS[check.verdict]
        lines.append(paint(clean(f"{symbol} {check.name}: {check.message}"), symbol, colour=colour))
        if check.fix and check.verdict is not Verdict.OK:
            lines.append(clean(f"    fix: {check.fix}"))
    count = len(problems(shown))
    end = f"{count} problem{'s' if count != 1 else ''} before applying to {environment}."
    return "\n".join([*lines, "", end if count else f"Nothing speaks against applying to {environment}."])


def document(checks: Sequence[Check], *, environment: str) -> dict[str, Json]:
    """Return the checks as a JSON document of format ``coe-scaffold/doctor/v1``."""
    return {
        "format": FORMAT,
        "environment": environment,
        "problems": len(problems(checks)),
        "checks": [
            {
                "name": check.name,
                "verdict": check.verdict.value,
                "message": check.message,
                "fix": check.fix,
                "action": check.action,
                "scope": check.scope,
                "role": check.role,
            }
            for check in checks
        ],
    }
