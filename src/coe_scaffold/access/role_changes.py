"""Built-in roles as they are now against the shipped catalogue: renamed, changed, gone, new.

Definitions flap for one to three days while a service rolls them out, so a change younger than
:data:`SETTLING_DAYS` is reported as unknown and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from coe_scaffold.access.effective import expand, permits
from coe_scaffold.catalog import RoleCatalogue, RoleDefinition, matrix
from coe_scaffold.model.finding import Finding, Outcome, Severity

SETTLING_DAYS = 3
"""Days after which a changed definition is taken to stay (history of the role list, 2021-11 to 2026-08)."""

_ASSIGN = "Microsoft.Authorization/roleAssignments/write"
_TITLES = {
    "COE-ROL-01": "A role the matrix uses has been renamed",
    "COE-ROL-02": "A role permits something else than our catalogue says",
    "COE-ROL-03": "A role the matrix uses is gone",
    "COE-ROL-04": "A new role may assign roles",
}


@dataclass(frozen=True)
class LiveRole:
    """A built-in role as Azure returns it; ``updated`` is the day of its last change, None when unknown."""

    definition: RoleDefinition
    updated: date | None = None


def role_changes(catalogue: RoleCatalogue, live: Iterable[LiveRole], today: date) -> tuple[Finding, ...]:
    """Return what has changed since the catalogue's date, sorted by rule and role.

    Roles outside the matrix count only when they are new and may assign roles without a condition.
    """
    now = {role.definition.guid.lower(): role for role in live}
    refs = [row.role for row in matrix().human] + [row.role for row in matrix().workload]
    used = {ref.guid for ref in refs if ref.guid}
    found = [
        finding
        for guid in sorted(used)
        if (before := catalogue.get(guid))
        for finding in _compare(before, now.get(guid), today)
    ]
    for guid in sorted(set(now) - {role.guid for role in catalogue}):
        definition = now[guid].definition
        if permits(definition, _ASSIGN, unconditioned=True):
            message = f"{definition.name} may assign roles without a condition"
            found.append(_finding("COE-ROL-04", Severity.MEDIUM, definition, message))
    return tuple(sorted(found, key=lambda item: (item.rule, item.subject)))


def _compare(before: RoleDefinition, live: LiveRole | None, today: date) -> Iterator[Finding]:
    if live is None:
        yield _finding("COE-ROL-03", Severity.HIGH, before, f"{before.name} is not in the list of roles")
        return
    after = live.definition
    if after.name != before.name:
        yield _finding("COE-ROL-01", Severity.LOW, before, f"{before.name} is now called {after.name}")
    if after.permissions == before.permissions:
        return
    lines = list(_differences(before, after))
    if not lines:
        return
    settling = live.updated is not None and today - live.updated < timedelta(days=SETTLING_DAYS)
    wider = any(line.startswith("now permits") for line in lines)
    message = f"{after.name}: {'; '.join(lines)}"
    if settling:
        message += f" (changed {live.updated}, may still be rolled back)"
    yield _finding(
        "COE-ROL-02",
        Severity.HIGH if wider else Severity.MEDIUM,
        before,
        message,
        outcome=Outcome.UNKNOWN if settling else Outcome.FAIL,
    )


def _differences(before: RoleDefinition, after: RoleDefinition) -> Iterator[str]:
    """Yield what a role newly permits and no longer permits, over the known operations."""
    for data in (False, True):
        kind = "data " if data else ""
        if added := _beyond(after, before, data=data):
            yield f"now permits {kind}{_short(added)}"
        if lost := _beyond(before, after, data=data):
            yield f"no longer permits {kind}{_short(lost)}"


def _beyond(role: RoleDefinition, other: RoleDefinition, *, data: bool) -> list[str]:
    """Return what a role permits and the other does not; samples of its wildcards are asked of both."""
    more = expand(role, data=data) - expand(other, data=data)
    return sorted(name for name in more if not permits(other, name, data=data))


def _short(names: list[str]) -> str:
    rest = len(names) - 3
    return ", ".join(names[:3]) + (f" and {rest} more" if rest > 0 else "")


def _finding(
    rule: str, severity: Severity, role: RoleDefinition, message: str, *, outcome: Outcome = Outcome.FAIL
) -> Finding:
    return Finding(
        rule=rule,
        title=_TITLES[rule],
        severity=severity,
        outcome=outcome,
        subject=role.guid,
        message=message,
        owner="compliance-officer",
        fix="Check the rows of the matrix that use the role, then update coe-scaffold.",
    )
