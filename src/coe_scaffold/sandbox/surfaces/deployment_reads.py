"""What can be read of deployments: lists, their operations, and the template that was sent."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import deployments, estate, refusals, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, dated, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces.groups import TYPED

_NUMBERED = "2025-01-01"
"""Before this api-version, listed operations on a resource carry ``serviceRequestId``; a single one does."""


def list_deployments(call: Call) -> Reply:
    """List the deployments of a scope, newest first; ``$filter`` takes provisioningState eq."""
    text = call.query.get("$filter", "").strip()
    wanted = re.fullmatch(r"(?i)(?:provisioningState eq '(\w+)')?", text)
    if wanted is None:
        raise refusals.not_modelled(f'the filter "{text}" of deployments')
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        prefix = call.scope.child(deployments.TYPE, "x").key[:-1]
        entries = [entry for _, entry in tx.all(store.DEPLOYMENT, prefix)]
    if wanted[1]:
        entries = [entry for entry in entries if entry["state"].lower() == wanted[1].lower()]
    entries.sort(key=lambda entry: entry["started"], reverse=True)
    return page(call, [dated(call, deployments.show(entry), "type", TYPED) for entry in entries])


def list_operations(call: Call) -> Reply:
    """List the operations of a deployment, in the order they were made."""
    with call.world.store.transaction() as tx:
        return page(call, _operations(call, tx, numbered=call.api_version < _NUMBERED))


def get_operation(call: Call) -> Reply:
    """Return one operation, or 404 DeploymentOperationNotFound."""
    wanted = call.params["operation"].lower()
    with call.world.store.transaction() as tx:
        for operation in _operations(call, tx, numbered=True):
            if operation["operationId"].lower() == wanted:
                return Reply(200, operation)
    raise ArmError(
        404,
        "DeploymentOperationNotFound",
        f"Deployment operation '{call.params['operation']}' could not be found.",
    )


def export_template(call: Call) -> Reply:
    """Return the template a deployment was made from."""
    with call.world.store.transaction() as tx:
        payload = tx.get(store.DEPLOYMENT_REQUEST, _known(call, tx).key)
    if payload is None:
        raise refusals.deployment_not_found(call.params["name"])
    return Reply(200, {"template": payload["template"]})


def template_hash(call: Call) -> Reply:
    """Return the hash of a template and the template without blanks."""
    template = call.content()
    small = json.dumps(template, separators=(",", ":"), ensure_ascii=False)
    return Reply(200, {"minifiedTemplate": small, "templateHash": deployments.template_hash(template)})


def _by_group(call: Call) -> Call:
    """Return a call on the older path of a group's deployments as one on the usual path."""
    scope = Scope.subscription_of(call.params["subscription"]).group(call.params["group"])
    return replace(call, params={**call.params, "scope": scope.path})


def list_group_operations(call: Call) -> Reply:
    """List operations at the path without a provider, which the SDK uses for resource groups."""
    return list_operations(_by_group(call))


def get_group_operation(call: Call) -> Reply:
    """Return one operation at the path without a provider."""
    return get_operation(_by_group(call))


def _operations(call: Call, tx: Transaction, *, numbered: bool) -> list[Json]:
    found = [body for _, body in tx.all(store.OPERATION, f"{_known(call, tx).key}/")]
    if numbered:
        for body in found:
            if "targetResource" in body["properties"]:
                body["properties"]["serviceRequestId"] = body["properties"]["trackingId"]
    return found


def _known(call: Call, tx: Transaction) -> Scope:
    estate.require_scope(tx, call.scope)
    identifier = call.scope.child(deployments.TYPE, call.params["name"])
    entry = tx.get(store.DEPLOYMENT, identifier.key)
    if entry is None:
        raise refusals.deployment_not_found(call.params["name"])
    if entry["state"] in deployments.ACTIVE and entry["job"]:
        call.jobs.look(tx, entry["job"])
    return identifier


_ALL = "{scope}/providers/Microsoft.Resources/deployments"
_GROUP = "/subscriptions/{subscription}/resourceGroups/{group}/deployments/{name}/operations"

ROUTES = (
    Route("GET", _ALL, list_deployments),
    Route("GET", _ALL + "/{name}/operations", list_operations),
    Route("GET", _ALL + "/{name}/operations/{operation}", get_operation),
    Route("POST", _ALL + "/{name}/exportTemplate", export_template),
    Route("POST", "/providers/Microsoft.Resources/calculateTemplateHash", template_hash),
    Route("GET", _GROUP, list_group_operations),
    Route("GET", _GROUP + "/{operation}", get_group_operation),
)
