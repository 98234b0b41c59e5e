"""Conditions of role assignments (ABAC, version 2.0): built from the matrix, checked before they are sent.

Syntax: azure-docs role-based-access-control/conditions-format.md and delegate-role-assignments-examples.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from coe_scaffold.access.abac import ConditionError, parse
from coe_scaffold.catalog import matrix
from coe_scaffold.model.access import PrincipalType

MAXIMUM_BYTES = 8192
"""Longest condition the authorization API takes."""

NEVER_DELEGATED = frozenset({"Contributor", "Foundry Project Manager"})
"""Roles people may only be eligible for; who delegates to groups must not be able to make them standing."""

_REPOSITORY_ACTIONS = ("content/read", "content/write", "metadata/read", "metadata/write")
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def repository_prefix(projects: Iterable[str]) -> str:
    """Return the condition that limits a registry role to repositories named ``<project>/...``."""
    namespace = "Microsoft.ContainerRegistry/registries/repositories"
    actions = " AND ".join(f"!(ActionMatches{{'{namespace}/{action}'}})" for action in _REPOSITORY_ACTIONS)
    names = " OR ".join(
        f"@Request[{namespace}:name] StringStartsWithIgnoreCase '{project}/'"
        for project in sorted(set(projects))
    )
    return f"(({actions}) OR ({names}))"


def delegation(roles: Iterable[str], principal_type: PrincipalType) -> str:
    """Return the condition that limits a role administrator to these roles and one principal type.

    ``roles`` are GUIDs. Two clauses: writing is judged by the request, deleting by the existing assignment.
    """
    listed = ", ".join(sorted({role.lower() for role in roles}))

    def clause(verb: str, source: str) -> str:
        return (
            f"((!(ActionMatches{{'{_ASSIGNMENTS}/{verb}'}})) OR "
            f"(@{source}[{_ASSIGNMENTS}:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {{{listed}}} AND "
            f"@{source}[{_ASSIGNMENTS}:PrincipalType] "
            f"ForAnyOfAnyValues:StringEqualsIgnoreCase {{'{principal_type.value}'}}))"
        )

    return f"{clause('write', 'Request')} AND {clause('delete', 'Resource')}"


def delegation_to_groups(management_group: str) -> str:
    """Return what the identity that assigns the functions' roles may assign: the matrix's roles, to groups.

    Roles in :data:`NEVER_DELEGATED` are left out; custom roles are in by their GUID.
    """
    rows = matrix().human
    return delegation(
        (row.role_in(management_group).guid for row in rows if row.role.name not in NEVER_DELEGATED),
        PrincipalType.GROUP,
    )


def delegation_to_service_principals() -> str:
    """Return what a deploy identity may assign: the roles of runtime identities, to service principals."""
    deployers = ("plan", "deploy", "guardrail", "platform-policy", "platform-access")
    given = {row.role.guid for row in matrix().workload if row.identity not in deployers and row.role.guid}
    return delegation(given, PrincipalType.SERVICE_PRINCIPAL)


def delegation_problems(condition: str) -> tuple[str, ...]:
    """Return why a condition does not confine who may assign roles; none when it does."""
    if not condition.strip():
        return ("no condition limits which roles, and to whom",)
    found = list(problems(condition))
    for verb, source in (("write", "Request"), ("delete", "Resource")):
        if f"{_ASSIGNMENTS}/{verb}'".lower() not in condition.lower():
            found.append(f"no clause for roleAssignments/{verb}")
        for attribute in ("RoleDefinitionId", "PrincipalType"):
            if f"@{source}[{_ASSIGNMENTS}:{attribute}]".lower() not in condition.lower():
                found.append(f"{verb} is not limited by {attribute}")
    return tuple(found)


def problems(condition: str) -> tuple[str, ...]:
    """Return what ARM would refuse in a condition: its length, its syntax, no action named."""
    found = []
    if len(condition.encode()) > MAXIMUM_BYTES:
        found.append(f"{len(condition.encode())} bytes; at most {MAXIMUM_BYTES}")
    try:
        parse(condition)
    except ConditionError as error:
        found.append(error.detail)
    if "actionmatches" not in condition.lower():
        found.append("no ActionMatches clause: the condition would apply to everything")
    return tuple(found)
