"""Members of policies as Azure PowerShell spells them: ``PolicyRule``, ``Parameter``, ``ResourceId``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MEMBERS = (
    "displayName", "enforcementMode", "exemptionCategory", "expiresOn", "id", "mode", "name", "notScopes",
    "overrides", "parameters", "policyAssignmentId", "policyDefinitionId", "policyDefinitionReferenceIds",
    "policyDefinitions", "policyRule", "properties", "resourceSelectors", "scope", "type",
)  # fmt: skip
_OTHERS = {
    "resourceid": "id",
    "resourcetype": "type",
    "notscope": "notScopes",
    "override": "overrides",
    "parameter": "parameters",
    "policydefinition": "policyDefinitions",
    "policydefinitionreferenceid": "policyDefinitionReferenceIds",
    "resourceselector": "resourceSelectors",
}
_NAMES: Mapping[str, str] = {name.lower(): name for name in _MEMBERS} | _OTHERS


def as_rest(item: dict[str, Any]) -> dict[str, Any]:
    """Return a policy object with its members, and those of ``properties``, as the REST API spells them.

    Objects that begin no member with a capital letter are returned as they are.
    """
    if not any(key[:1].isupper() for key in item):
        return item
    made: dict[str, Any] = {}
    for key, value in item.items():
        name = _NAMES.get(key.lower(), key)
        inner = as_rest(value) if name == "properties" and isinstance(value, dict) else value
        if value is not None or name not in made:
            made[name] = inner
    return made
