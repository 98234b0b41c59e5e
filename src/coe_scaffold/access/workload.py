"""Role assignments and custom roles the templates themselves make, the former to workload identities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coe_scaffold.access.effective import RoleLookup
from coe_scaffold.catalog import roles
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.resources import ResourceGraph

ASSIGNMENT_TYPE = "Microsoft.Authorization/roleAssignments"
ROLE_TYPE = "Microsoft.Authorization/roleDefinitions"


def template_assignments(graph: ResourceGraph, lookup: RoleLookup | None = None) -> tuple[Assignment, ...]:
    """Return the assignments a graph makes, in its order.

    A principal that only apply will know stands as the expression it comes from, which is the same for
    the same identity. An assignment whose role is not known before apply is left out. ``lookup`` names roles
    that the graph itself does not define, by default built-in ones; others are named by their GUID.
    """
    return tuple(_assignments(graph, lookup or roles().get))


def defined_roles(graph: ResourceGraph) -> dict[str, str]:
    """Return the names of the custom roles a graph defines, by GUID in lower case."""
    found = {}
    for resource in graph.of_type(ROLE_TYPE):
        properties = resource.properties
        name = properties.get("roleName") if isinstance(properties, Mapping) else None
        if isinstance(resource.name, str) and isinstance(name, str):
            found[resource.name.lower()] = name
    return found


def _assignments(graph: ResourceGraph, lookup: RoleLookup) -> Iterator[Assignment]:
    own = defined_roles(graph)
    for resource in graph.of_type(ASSIGNMENT_TYPE):
        properties = resource.properties
        role = properties.get("roleDefinitionId") if isinstance(properties, Mapping) else None
        if not isinstance(role, str):
            continue
        guid = role.rsplit("/", 1)[-1].lower()
        known = lookup(guid)
        principal = _text(properties.get("principalId"))
        yield Assignment(
            scope=resource.scope,
            principal=principal,
            principal_type=_KINDS.get(
                _text(properties.get("principalType")), PrincipalType.SERVICE_PRINCIPAL
            ),
            role=RoleRef(guid, own.get(guid) or (known.name if known else guid)),
            condition=_text(properties.get("condition")),
            principal_name=_name(principal),
            reason=_text(properties.get("description")),
        )


_KINDS: Mapping[str, PrincipalType] = {kind.value: kind for kind in PrincipalType}


def _text(value: Value) -> str:
    if isinstance(value, Unknown):
        return value.expression
    return value if isinstance(value, str) else ""


def _name(principal: str) -> str:
    """Return the name of the resource whose identity an expression refers to, or the principal itself."""
    found = re.search(r"'([^']*/[^']*)'", principal)
    return found.group(1).rsplit("/", 1)[-1] if found else principal
