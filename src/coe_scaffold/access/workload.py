"""Role assignments the templates themselves make, to workload identities."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from coe_scaffold.catalog import roles
from coe_scaffold.model.access import Assignment, PrincipalType, RoleRef
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.resources import ResourceGraph

ASSIGNMENT_TYPE = "Microsoft.Authorization/roleAssignments"


def template_assignments(graph: ResourceGraph) -> tuple[Assignment, ...]:
    """Return the assignments a graph makes, in its order.

    A principal that only apply will know stands as the expression it comes from, which is the same for
    the same identity. An assignment whose role is not known before apply is left out.
    """
    return tuple(_assignments(graph))


def _assignments(graph: ResourceGraph) -> Iterator[Assignment]:
    for resource in graph.of_type(ASSIGNMENT_TYPE):
        properties = resource.properties
        role = properties.get("roleDefinitionId") if isinstance(properties, Mapping) else None
        if not isinstance(role, str):
            continue
        guid = role.rsplit("/", 1)[-1].lower()
        known = roles().get(guid)
        principal = _text(properties.get("principalId"))
        yield Assignment(
            scope=resource.scope,
            principal=principal,
            principal_type=_KINDS.get(
                _text(properties.get("principalType")), PrincipalType.SERVICE_PRINCIPAL
            ),
            role=RoleRef(guid, known.name if known else guid),
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
