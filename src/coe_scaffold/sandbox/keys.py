"""Answers of the ``list*`` actions: keys that are made up from the resource's id and open nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox.refusals import not_modelled


def invoke(resource: Scope, action: str) -> Json:
    """Return what ``POST {resource}/{action}`` answers; raise ArmError when it is not modelled."""
    answer = _ACTIONS.get((resource.resource_type.lower(), action.lower()))
    if answer is None:
        raise not_modelled(f"the action '{action}' of {resource.resource_type}")
    return answer(resource)


def _key(resource: Scope, purpose: str) -> str:
    return base64.b64encode(hashlib.sha256(f"sandbox|{resource.key}|{purpose}".encode()).digest()).decode()


def _storage(resource: Scope) -> Json:
    return {
        "keys": [
            {"keyName": name, "value": _key(resource, name), "permissions": "FULL"}
            for name in ("key1", "key2")
        ]
    }


def _cognitive(resource: Scope) -> Json:
    return {"key1": _key(resource, "key1"), "key2": _key(resource, "key2")}


def _search_admin(resource: Scope) -> Json:
    return {"primaryKey": _key(resource, "primary"), "secondaryKey": _key(resource, "secondary")}


def _search_query(resource: Scope) -> Json:
    return {"value": [{"name": None, "key": _key(resource, "query")}]}


def _cosmos(resource: Scope) -> Json:
    names = (
        "primaryMasterKey",
        "secondaryMasterKey",
        "primaryReadonlyMasterKey",
        "secondaryReadonlyMasterKey",
    )
    return {name: _key(resource, name) for name in names}


def _workspace(resource: Scope) -> Json:
    return {name: _key(resource, name) for name in ("primarySharedKey", "secondarySharedKey")}


def _registry(resource: Scope) -> Json:
    return {
        "username": resource.name,
        "passwords": [{"name": name, "value": _key(resource, name)} for name in ("password", "password2")],
    }


_ACTIONS: Mapping[tuple[str, str], Callable[[Scope], Json]] = {
    ("microsoft.storage/storageaccounts", "listkeys"): _storage,
    ("microsoft.cognitiveservices/accounts", "listkeys"): _cognitive,
    ("microsoft.search/searchservices", "listadminkeys"): _search_admin,
    ("microsoft.search/searchservices", "listquerykeys"): _search_query,
    ("microsoft.documentdb/databaseaccounts", "listkeys"): _cosmos,
    ("microsoft.operationalinsights/workspaces", "listkeys"): _workspace,
    ("microsoft.operationalinsights/workspaces", "sharedkeys"): _workspace,
    ("microsoft.containerregistry/registries", "listcredentials"): _registry,
}
