"""What Azure fills in when a resource is written: identities, states, endpoints.

Only outputs that the resource providers' published specifications document, and only those a template
commonly reads. A type without a row gets ``provisioningState`` alone. Values are derived from the resource's
id and generation, so that the same steps give the same values.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox.refusals import ArmError

_NAMESPACE = uuid.UUID("5e0b7f52-6a0c-4f0b-9a53-8c1f2c0a7d11")

_WITHOUT_STATE = frozenset(
    {
        "microsoft.consumption/budgets",
        "microsoft.insights/diagnosticsettings",
        "microsoft.managedidentity/userassignedidentities",
        "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials",
        "microsoft.storage/storageaccounts/blobservices",
        "microsoft.storage/storageaccounts/blobservices/containers",
        "microsoft.storage/storageaccounts/fileservices",
        "microsoft.storage/storageaccounts/managementpolicies",
        "microsoft.storage/storageaccounts/queueservices",
        "microsoft.storage/storageaccounts/tableservices",
    }
)
"""Types whose properties have no ``provisioningState``."""


@dataclass(frozen=True)
class Facts:
    """What filling in needs to know. ``lookup`` returns a resource as GET shows it, or None."""

    tenant: str
    generation: int
    lookup: Callable[[str], Json | None] = field(hash=False)


def guid(resource: Scope, generation: int, purpose: str) -> str:
    """Return the GUID that a resource's n-th creation has for a purpose such as ``principal``."""
    return str(uuid.uuid5(_NAMESPACE, f"{resource.key}|{generation}|{purpose}"))


def fill(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    """Return what the server adds to a submitted body; raise ArmError for an identity that is not there."""
    kind = resource.resource_type.lower()
    properties: dict[str, Json] = {}
    if kind not in _WITHOUT_STATE:
        properties["provisioningState"] = "Succeeded"
    if outputs := _OUTPUTS.get(kind):
        properties |= outputs(resource, body, facts)
    filled: dict[str, Json] = {"properties": properties} if properties else {}
    if identity := _identity(resource, body.get("identity"), facts):
        filled["identity"] = identity
    return filled


def _identity(resource: Scope, wanted: Json, facts: Facts) -> dict[str, Json]:
    if not isinstance(wanted, Mapping):
        return {}
    kinds = {part.strip().lower() for part in str(wanted.get("type", "")).split(",")}
    filled: dict[str, Json] = {}
    if "systemassigned" in kinds:
        filled["principalId"] = guid(resource, facts.generation, "principal")
        filled["tenantId"] = facts.tenant
    if "userassigned" in kinds:
        named = wanted.get("userAssignedIdentities") or {}
        filled["userAssignedIdentities"] = {name: _user_assigned(resource, name, facts) for name in named}
    return filled


def _user_assigned(resource: Scope, name: str, facts: Facts) -> Json:
    identity = facts.lookup(name)
    if identity is None:
        answer = f'{{"error":{{"code":"BadRequest","message":"Resource \'{name}\' was not found."}}}}'
        raise ArmError(
            400,
            "FailedIdentityOperation",
            f"Identity operation for resource '{resource.path}' failed with error 'Failed to perform "
            f"resource identity operation. Status: 'BadRequest'. Response: '{answer}'.'.",
            gateway=False,
        )
    return {key: identity["properties"][key] for key in ("principalId", "clientId")}


def _properties(body: Mapping[str, Json]) -> Mapping[str, Json]:
    properties = body.get("properties")
    return properties if isinstance(properties, Mapping) else {}


def _user_identity(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {
        "tenantId": facts.tenant,
        "principalId": guid(resource, facts.generation, "principal"),
        "clientId": guid(resource, facts.generation, "client"),
    }


def _storage(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    services = ("blob", "dfs", "file", "queue", "table")
    return {
        "primaryEndpoints": {
            name: f"https://{resource.name.lower()}.{name}.core.windows.net/" for name in services
        },
        "primaryLocation": body.get("location", ""),
        "statusOfPrimary": "available",
    }


def _vault(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"vaultUri": f"https://{resource.name.lower()}.vault.azure.net/"}


def _cognitive(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    domain = str(_properties(body).get("customSubDomainName", "")).lower()
    if not domain:
        return {"endpoint": f"https://{body.get('location', '')}.api.cognitive.microsoft.com/"}
    openai = f"https://{domain}.openai.azure.com/"
    cognitive = f"https://{domain}.cognitiveservices.azure.com/"
    endpoints = {"OpenAI Language Model Instance API": openai}
    if body.get("kind") == "AIServices":
        endpoints["AI Foundry API"] = f"https://{domain}.services.ai.azure.com/"
    return {"endpoint": openai if body.get("kind") == "OpenAI" else cognitive, "endpoints": endpoints}


def _foundry_project(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    account = facts.lookup(resource.path.rsplit("/", 2)[0]) or {}
    domain = str(_properties(account).get("customSubDomainName", "")).lower()
    url = f"https://{domain}.services.ai.azure.com/api/projects/{resource.name}"
    return {"endpoints": {"AI Foundry API": url}} if domain else {}


def _search(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {
        "provisioningState": "succeeded",
        "status": "running",
        "endpoint": f"https://{resource.name.lower()}.search.windows.net",
    }


def _registry(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"loginServer": f"{resource.name.lower()}.azurecr.io"}


def _workspace(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"customerId": guid(resource, facts.generation, "workspace")}


def _application_insights(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    key = guid(resource, facts.generation, "instrumentation")
    application = guid(resource, facts.generation, "application")
    location = str(body.get("location", "")).lower().replace(" ", "")
    return {
        "AppId": application,
        "InstrumentationKey": key,
        "ConnectionString": f"InstrumentationKey={key};"
        f"IngestionEndpoint=https://{location}-0.in.applicationinsights.azure.com/;"
        f"LiveEndpoint=https://{location}.livediagnostics.monitor.azure.com/;ApplicationId={application}",
    }


def _named_children(resource: Scope, items: Json, child: str) -> list[Json]:
    """Return an inline list of children as the server shows it: with id, type and state."""
    shown = []
    for item in items if isinstance(items, list) else []:
        shown.append(
            {
                **item,
                "id": f"{resource.path}/{child}/{item.get('name', '')}",
                "type": f"{resource.resource_type}/{child}",
                "properties": {**(item.get("properties") or {}), "provisioningState": "Succeeded"},
            }
        )
    return shown


def _network(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    filled: dict[str, Json] = {"resourceGuid": guid(resource, facts.generation, "resource")}
    child = INLINE_CHILDREN[resource.resource_type.lower()]
    filled[child] = _named_children(resource, _properties(body).get(child), child)
    return filled


def _private_endpoint(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    suffix = guid(resource, facts.generation, "nic")
    group = resource.path.rsplit("/providers/", 1)[0]
    card = f"{group}/providers/Microsoft.Network/networkInterfaces/{resource.name}.nic.{suffix}"
    return {"networkInterfaces": [{"id": card}], "customDnsConfigs": []}


def _dns_link(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"virtualNetworkLinkState": "Completed"}


def _cosmos(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"documentEndpoint": f"https://{resource.name.lower()}.documents.azure.com:443/"}


def _web(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    host = f"{resource.name.lower()}.azurewebsites.net"
    return {"state": "Running", "defaultHostName": host, "hostNames": [host], "enabledHostNames": [host]}


def _container_environment(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    word = guid(resource, facts.generation, "domain")[:8]
    location = str(body.get("location", "")).lower().replace(" ", "")
    number = int(word, 16) % 200 + 20
    address = f"10.255.0.{number}"
    return {"defaultDomain": f"{word}.{location}.azurecontainerapps.io", "staticIp": address}


def _container_app(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    properties = _properties(body)
    home = facts.lookup(str(properties.get("managedEnvironmentId") or properties.get("environmentId") or ""))
    ingress = (properties.get("configuration") or {}).get("ingress")
    if not home or not ingress:
        return {}
    internal = "" if ingress.get("external") else "internal."
    fqdn = f"{resource.name.lower()}.{internal}{home['properties']['defaultDomain']}"
    return {"configuration": {"ingress": {"fqdn": fqdn}}}


def _machine_learning(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    location = str(body.get("location", "")).lower().replace(" ", "")
    return {
        "workspaceId": guid(resource, facts.generation, "workspace"),
        "discoveryUrl": f"https://{location}.api.azureml.ms/discovery",
    }


def _api_management(resource: Scope, body: Mapping[str, Json], facts: Facts) -> dict[str, Json]:
    return {"gatewayUrl": f"https://{resource.name.lower()}.azure-api.net"}


INLINE_CHILDREN: Mapping[str, str] = {
    "microsoft.network/virtualnetworks": "subnets",
    "microsoft.network/networksecuritygroups": "securityRules",
    "microsoft.network/routetables": "routes",
}
"""Types whose children may stand inside them, and the property that holds them."""

_OUTPUTS: Mapping[str, Callable[[Scope, Mapping[str, Json], Facts], dict[str, Json]]] = {
    "microsoft.apimanagement/service": _api_management,
    "microsoft.app/containerapps": _container_app,
    "microsoft.app/managedenvironments": _container_environment,
    "microsoft.cognitiveservices/accounts": _cognitive,
    "microsoft.cognitiveservices/accounts/projects": _foundry_project,
    "microsoft.containerregistry/registries": _registry,
    "microsoft.documentdb/databaseaccounts": _cosmos,
    "microsoft.insights/components": _application_insights,
    "microsoft.keyvault/vaults": _vault,
    "microsoft.machinelearningservices/workspaces": _machine_learning,
    "microsoft.managedidentity/userassignedidentities": _user_identity,
    "microsoft.network/networksecuritygroups": _network,
    "microsoft.network/privatednszones/virtualnetworklinks": _dns_link,
    "microsoft.network/privateendpoints": _private_endpoint,
    "microsoft.network/routetables": _network,
    "microsoft.network/virtualnetworks": _network,
    "microsoft.operationalinsights/workspaces": _workspace,
    "microsoft.search/searchservices": _search,
    "microsoft.storage/storageaccounts": _storage,
    "microsoft.web/sites": _web,
}
