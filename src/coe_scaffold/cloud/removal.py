"""The api-version to delete a resource with: ARM asks for one that its provider knows."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.errors import CloudError
from coe_scaffold.model.scope import Scope

_VERSIONS: Mapping[str, str] = {
    "microsoft.authorization/locks": "2020-05-01",
    "microsoft.authorization/policyassignments": "2024-05-01",
    "microsoft.authorization/policydefinitions": "2023-04-01",
    "microsoft.authorization/roleassignments": "2022-04-01",
    "microsoft.authorization/roledefinitions": "2022-04-01",
    "microsoft.alertsmanagement": "2021-04-01",
    "microsoft.apimanagement": "2024-05-01",
    "microsoft.app": "2025-01-01",
    "microsoft.cognitiveservices": "2025-06-01",
    "microsoft.consumption": "2024-08-01",
    "microsoft.containerregistry": "2023-07-01",
    "microsoft.documentdb": "2024-11-15",
    "microsoft.insights/actiongroups": "2023-01-01",
    "microsoft.insights/components": "2020-02-02",
    "microsoft.insights/datacollectionendpoints": "2023-03-11",
    "microsoft.insights/datacollectionrules": "2023-03-11",
    "microsoft.insights/diagnosticsettings": "2021-05-01-preview",
    "microsoft.insights/metricalerts": "2018-03-01",
    "microsoft.insights/privatelinkscopes": "2021-07-01-preview",
    "microsoft.insights/privatelinkscopes/scopedresources": "2021-07-01-preview",
    "microsoft.insights/scheduledqueryrules": "2023-12-01",
    "microsoft.keyvault": "2023-07-01",
    "microsoft.machinelearningservices": "2024-10-01",
    "microsoft.managedidentity": "2023-01-31",
    "microsoft.network/privatednszones": "2024-06-01",
    "microsoft.network/privatednszones/virtualnetworklinks": "2024-06-01",
    "microsoft.network": "2024-05-01",
    "microsoft.operationalinsights": "2023-09-01",
    "microsoft.search": "2025-05-01",
    "microsoft.security/securitycontacts": "2023-12-01-preview",
    "microsoft.storage": "2024-01-01",
    "microsoft.web": "2024-04-01",
}
"""By type, or by namespace where all its types share one."""


def removal_api(resource: Scope) -> str:
    """Return the api-version that deletes a resource; raise CloudError for a type that is not known here."""
    kind = resource.resource_type.lower()
    found = _VERSIONS.get(kind) or _VERSIONS.get(kind.split("/")[0])
    if found is None:
        raise CloudError(
            f"no api-version is known that deletes {resource.resource_type}",
            fix=f"Delete {resource} yourself, then run the command again.",
            code="COE-CLD-002",
        )
    return found
