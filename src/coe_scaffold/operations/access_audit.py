"""Audit an environment's access, and the role definitions it rests on. Judges what was read; no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from coe_scaffold.access import DesiredAccess, role_lookup
from coe_scaffold.access.audit import AuditScope
from coe_scaffold.access.audit import audit as audit_assignments
from coe_scaffold.access.audit_schedules import ScheduleScope, audit_schedules, named_roles
from coe_scaffold.access.role_changes import LiveRole, role_changes
from coe_scaffold.access.workload import template_assignments
from coe_scaffold.catalog import Permission, RoleDefinition, roles
from coe_scaffold.model.access import DirectoryEntry, ObservedRole
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.access import placement_of
from coe_scaffold.operations.observing import ObservedAccess
from coe_scaffold.operations.predict import own_scopes


def audit(
    settings: Settings,
    environment: str,
    graph: ResourceGraph,
    wanted: DesiredAccess,
    there: ObservedAccess,
    *,
    today: date,
    principals: frozenset[str] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong with the access that exists in an environment.

    ``principals`` are the ids known to exist (lower case), or None when nobody looked them up: then orphans
    are found only where Azure itself calls a principal unknown.
    """
    within = own_scopes(settings, environment, graph)
    if settings.alone:
        there = there.inside(within)
    lookup = role_lookup(settings.organisation.management_group)
    functions = settings.governed
    scope = AuditScope(
        within=within,
        lookup=lookup,
        functions=functions,
        templates=frozenset((item.scope.key, item.role.guid) for item in template_assignments(graph)),
        principals=principals,
        denials=there.denials,
        placement=placement_of(settings),
    )
    schedules = ScheduleScope(
        within=within,
        lookup=lookup,
        functions=functions,
        rules=there.rules,
        today=today,
        renew_days=settings.access.renew_days,
        principals=principals,
    )
    changes = (*settings.access.changes, *(one for item in settings.projects for one in item.access_changes))
    return (
        *audit_assignments(wanted, there.assignments, there.roles, scope),
        *audit_schedules(wanted, there.schedules, schedules),
        *named_roles(changes),
    )


def with_names(findings: Iterable[Finding], directory: Mapping[str, DirectoryEntry]) -> tuple[Finding, ...]:
    """Return findings whose messages call principals by their names in the directory, ids behind them."""

    def name(match: re.Match[str]) -> str:
        entry = directory.get(match[0].lower())
        return f"{entry.name} ({match[0]})" if entry and entry.name else match[0]

    return tuple(replace(one, message=_GUID.sub(name, one.message)) for one in findings)


_GUID = re.compile(r"(?i)(?<![0-9a-f-])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f-])")


def roles_diff(live: Iterable[ObservedRole], today: date) -> tuple[Finding, ...]:
    """Return what has changed in Azure's built-in roles since the catalogue's date.

    A change younger than three days is told as unknown: definitions flap while a service rolls them out.
    """
    return role_changes(roles(), map(_live, live), today)


def _live(role: ObservedRole) -> LiveRole:
    blocks = tuple(
        Permission(
            block.actions, block.not_actions, block.data_actions, block.not_data_actions, block.condition
        )
        for block in role.blocks
    )
    updated = date.fromisoformat(role.updated) if role.updated else None
    return LiveRole(RoleDefinition(role.guid, role.name, blocks), updated)
