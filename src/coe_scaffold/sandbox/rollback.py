"""``onErrorDeployment``: an earlier deployment is done again when a new one fails.

The earlier one runs with its own parameters and in mode Complete, in resource groups only, and only when it
was sent to ARM itself (Microsoft Learn, "Rollback on error to successful deployment").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import deployments, refusals, store
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.store import Transaction

LAST, SPECIFIC = "LastSuccessful", "SpecificDeployment"


def chosen(tx: Transaction, scope: Scope, wanted: Json) -> Json:
    """Return which deployment a failure leads back to: ``{type, deploymentName}``; None when none is wanted.

    Raises ArmError for what Azure does not offer, and where its answer is not known.
    """
    if not isinstance(wanted, Mapping):
        return None
    if scope.kind is not ScopeKind.RESOURCE_GROUP:
        raise refusals.not_modelled("'onErrorDeployment' outside resource groups")
    kind, given = str(wanted.get("type") or ""), str(wanted.get("deploymentName") or "")
    roots = _succeeded(tx, scope)
    if kind.lower() == LAST.lower():
        roots.sort(key=lambda entry: str(entry["timestamp"]))
        if not roots:
            raise refusals.not_modelled("'onErrorDeployment' without an earlier deployment that succeeded")
        return {"type": LAST, "deploymentName": roots[-1]["name"]}
    if kind.lower() != SPECIFIC.lower():
        raise refusals.bad_request(f"The type '{kind}' of 'onErrorDeployment' is not valid.")
    if given.lower() not in {entry["name"].lower() for entry in roots}:
        raise refusals.not_modelled(f"'onErrorDeployment' to '{given}', which has not succeeded")
    return {"type": SPECIFIC, "deploymentName": given}


def request(tx: Transaction, failed: Mapping[str, Json]) -> Request | None:
    """Return the deployment that a failed one leads back to, in mode Complete; None when there is none.

    One of the same name is overwritten by the failed one: there is no way back to it.
    """
    wanted = failed.get("onError")
    if not wanted or wanted["deploymentName"].lower() == str(failed["name"]).lower():
        return None
    earlier = Scope(failed["scope"]).child(deployments.TYPE, wanted["deploymentName"])
    payload = tx.get(store.DEPLOYMENT_REQUEST, earlier.key)
    return None if payload is None else replace(Request(**payload), mode="Complete", on_error=None)


def note(tx: Transaction, deployment: Scope, state: str) -> None:
    """Write down how the way back of a failed deployment ended."""
    entry = tx.get(store.DEPLOYMENT, deployment.key)
    if entry is not None:
        shown = {**entry["onError"], "provisioningState": state}
        tx.put(store.DEPLOYMENT, deployment.key, {**entry, "onError": shown})


def _succeeded(tx: Transaction, scope: Scope) -> list[Json]:
    every = tx.all(store.DEPLOYMENT, scope.child(deployments.TYPE, "x").key[:-1])
    return [entry for _, entry in every if entry["state"] == "Succeeded" and entry["job"]]
