"""Checks before applying, for people and as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from coe_scaffold.model.json import Json
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.operations.preflight import problems
from coe_scaffold.operations.rights import by_role
from coe_scaffold.report.style import clean, paint

FORMAT = "coe-scaffold/doctor/v1"
_SYMBOLS = {Verdict.OK: "+", Verdict.PROBLEM: "!", Verdict.UNKNOWN: "?"}


def text(checks: Sequence[Check], *, environment: str, every: bool = False, colour: bool = False) -> str:
    """Return one line for each check, its fix below it or below the last that needs it, and a sentence.

    The actions of one missing role at one scope are one line, and so is what one condition excludes of a
    role; unless ``every`` one is asked for.
    """
    lines = []
    shown = checks if every else by_role(checks)
    for check, following in zip_longest(shown, shown[1:]):
        symbol = _SYMBOLS[check.verdict]
        lines.append(paint(clean(f"{symbol} {check.name}: {check.message}"), symbol, colour=colour))
        again = following is not None and (following.name, following.fix) == (check.name, check.fix)
        if check.fix and check.verdict is not Verdict.OK and not again:
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
