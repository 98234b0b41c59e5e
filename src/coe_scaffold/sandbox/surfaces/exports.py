"""The template of a resource group: at once when it is empty, else 202 + Location, then the template.

Names become parameters, as the service writes them; child resources follow their parents.
"""

from __future__ import annotations

import re

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import bicep_export, estate, refusals, store
from coe_scaffold.sandbox.routing import Call, Reply, Route
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

EXPORT = "ExportTemplateJob"
_SCHEMA = "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#"
_LEFT_OUT = ("provisioningState", "uniqueId", "principalId", "clientId", "tenantId")
_KEPT = ("location", "tags", "kind", "sku", "plan", "zones", "identity", "properties")
LIMIT = 200
"""Resources in an export (Microsoft Learn, "Export template in Azure portal")."""


def export(call: Call) -> Reply:
    """Start an export of the named resources, or of all with ``*``."""
    group = Scope.subscription_of(call.params["subscription"]).group(call.params["group"])
    body = call.content()
    form = str(body.get("outputFormat") or "Json").lower()
    if form not in ("json", "bicep"):
        raise refusals.bad_request(f"The output format '{body['outputFormat']}' is not Json or Bicep.")
    named = body.get("resources")
    if not isinstance(named, list) or not named:
        raise refusals.bad_request("The 'resources' of an export must name resources, or be ['*'].")
    options = {part.strip().lower() for part in str(body.get("options") or "").split(",")}
    wanted: dict[str, Json] = {
        "named": [str(name) for name in named],
        "options": sorted(options),
        "form": form,
    }
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, group)
        found = _chosen(tx, group, wanted["named"])
        if not found:
            return Reply(200, {"output": ""} if form == "bicep" else _template([], wanted["options"]))
        job = call.jobs.start(tx, EXPORT, group.path, wanted)
    call.jobs.launch(job)
    return Reply(
        202, None, {"Location": call.url(f"/subscriptions/{group.subscription}/operationresults/{job}")}
    )


def carry_out(world: World, target: str, payload: Json) -> Json:
    """Do the work behind an export."""
    with world.store.transaction() as tx:
        found = _chosen(tx, Scope(target), payload["named"])
    if payload["form"] == "json":
        return _template(found, payload["options"])
    parents_first = sorted(found, key=lambda item: str(item["type"]).count("/"))
    bodies = [_resource(document, "", plain=True) for document in parents_first]
    defaults = "includeparameterdefaultvalue" in payload["options"]
    return {"output": bicep_export.written(parents_first, bodies, defaults=defaults)}


WORK = {EXPORT: carry_out}
"""What does the long-running work of exports."""


def _chosen(tx: Transaction, group: Scope, named: list[str]) -> list[Json]:
    wanted = {name.lower() for name in named}
    every = [document for _, document in tx.all(store.RESOURCE, f"{group.key}/")]
    return [item for item in every if "*" in wanted or str(item["id"]).lower() in wanted][:LIMIT]


def _template(documents: list[Json], options: list[str]) -> Json:
    defaults = "includeparameterdefaultvalue" in options
    plain = "skipresourcenameparameterization" in options or "skipallparameterization" in options
    parameters: dict[str, Json] = {}
    resources = []
    for document in sorted(documents, key=lambda item: str(item["type"]).count("/")):
        kinds, names = _parts(document)
        own = re.sub(r"\W", "_", f"{kinds[0]}_{names[0]}_name")
        if not plain:
            parameters[own] = {**({"defaultValue": names[0]} if defaults else {}), "type": "String"}
        first = f"'{names[0]}'" if plain else f"parameters('{own}')"
        parent = _parent(document, documents, first)
        resources.append({**_resource(document, first, plain=plain), **parent})
    template = {
        "$schema": _SCHEMA,
        "contentVersion": "1.0.0.0",
        "parameters": parameters,
        "variables": {},
        "resources": resources,
    }
    return {"template": template}


def _resource(document: Json, first: str, *, plain: bool) -> dict[str, Json]:
    names = _parts(document)[1]
    rest = "".join(f"/{name}" for name in names[1:])
    computed = f"[concat({first}, '{rest}')]" if rest else f"[{first}]"
    body: dict[str, Json] = {
        "type": document["type"],
        "apiVersion": document["apiVersion"],
        "name": names[0] + rest if plain else computed,
    }
    shown = estate.merge(document["submitted"], document["filled"])
    body |= {key: shown[key] for key in _KEPT if shown.get(key) is not None}
    if isinstance(body.get("properties"), dict):
        body["properties"] = {key: value for key, value in body["properties"].items() if key not in _LEFT_OUT}
    return body


def _parent(document: Json, exported: list[Json], first: str) -> dict[str, Json]:
    """Return ``dependsOn`` the nearest resource above that is exported, too."""
    kinds, names = _parts(document)
    namespace = str(document["type"]).partition("/")[0]
    there = {str(item["id"]).lower() for item in exported}
    home = str(document["id"]).rpartition(f"/providers/{namespace}/")[0]
    for count in range(len(names) - 1, 0, -1):
        pairs = zip(kinds[:count], names[:count], strict=True)
        path = "/".join(f"{kind}/{name}" for kind, name in pairs)
        if f"{home}/providers/{namespace}/{path}".lower() in there:
            above = "".join(f", '{name}'" for name in names[1:count])
            return {"dependsOn": [f"[resourceId('{namespace}/{'/'.join(kinds[:count])}', {first}{above})]"]}
    return {}


def _parts(document: Json) -> tuple[list[str], list[str]]:
    """Return the types and the names of a resource and what it is in, the outermost first."""
    parts = str(document["id"]).rpartition("/providers/")[2].split("/")
    return parts[1::2], parts[2::2]


ROUTES = (Route("POST", "/subscriptions/{subscription}/resourceGroups/{group}/exportTemplate", export),)
