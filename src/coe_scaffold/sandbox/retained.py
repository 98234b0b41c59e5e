"""Deleted resources that Azure keeps for a while: they hold their names until they are recovered or purged.

Sources: Microsoft Learn on soft-delete of Key Vault, Azure AI services and API Management; codes and texts
as their providers answer. A recovered vault has its keys again, a recovered account or service its identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from coe_scaffold.catalog import Retention, retentions
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.refusals import ArmError, not_modelled
from coe_scaffold.sandbox.store import Transaction

VAULT = "microsoft.keyvault/vaults"
_ACCOUNT = "microsoft.cognitiveservices/accounts"
_SOFT_DELETE = "https://go.microsoft.com/fwlink/?linkid=2149745"


def keep(tx: Transaction, document: Json) -> None:
    """Keep a resource that is being deleted, when its type is kept; call it before its children go."""
    kind = retentions().get(document["type"].lower())
    if kind is None:
        return
    was = Scope(document["id"])
    location = str(document["submitted"].get("location") or "").replace(" ", "").lower()
    properties = document["submitted"].get("properties") or {}
    days = properties.get("softDeleteRetentionInDays") if was.resource_type.lower() == VAULT else None
    now = datetime.now(UTC)
    children = [item for _, item in tx.all(store.RESOURCE, was.key + "/")]
    deleted = kind.deleted_id(was, location)
    body = {
        "id": deleted.path,
        "was": was.path,
        "location": location,
        "deleted": _time(now),
        "until": _time(now + (timedelta(days=days) if days else timedelta(hours=kind.hours))),
        "protected": properties.get("enablePurgeProtection") is True,
        "document": document,
        "children": children if was.resource_type.lower() == VAULT else [],
    }
    tx.put(store.DELETED, deleted.key, body)


def recovered(tx: Transaction, resource: Scope, body: Mapping[str, Json]) -> tuple[Mapping[str, Json], Json]:
    """Return a new resource's body without the flags that recover, and what was kept when it is recovered.

    Raises ArmError when a deleted resource holds the name and the body does not recover it, and when it
    would recover what is not there.
    """
    kind = retentions().get(resource.resource_type.lower())
    if kind is None:
        return body, None
    asked = wants(kind, body)
    held = holding(tx, resource)
    if held is None and asked:
        raise _nothing_to_recover(resource)
    if held is not None and not asked:
        raise _in_deleted_state(resource, held)
    if held is None:
        return plain(kind, body), None
    if Scope(held["was"]) != resource:
        raise not_modelled(f"the recovery of '{held['was']}' as '{resource.path}'")
    tx.delete(store.DELETED, held["id"])
    for child in held["children"]:
        tx.put(store.RESOURCE, child["id"], child)
    return plain(kind, body), held["document"]


def holding(tx: Transaction, resource: Scope) -> Json | None:
    """Return the deleted resource that holds a resource's name, or None."""
    kind = resource.resource_type.lower()
    for _, held in tx.all(store.DELETED):
        was = Scope(held["was"])
        if was.resource_type.lower() == kind and was.name.lower() == resource.name.lower():
            return held
    return None


def wants(kind: Retention, body: Mapping[str, Json]) -> bool:
    """Return whether a body asks to recover."""
    properties = body.get("properties") or {}
    return all(str(properties.get(key)).lower() == str(value).lower() for key, value in kind.recover.items())


def plain(kind: Retention, body: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return a body without the flags that recover: GET does not show them."""
    properties = body.get("properties")
    if not isinstance(properties, Mapping):
        return body
    return {**body, "properties": {key: item for key, item in properties.items() if key not in kind.recover}}


def _nothing_to_recover(resource: Scope) -> ArmError:
    match resource.resource_type.lower():
        case kind if kind == VAULT:
            return ArmError(
                404,
                "SoftDeletedVaultDoesNotExist",
                "A soft deleted vault with the given name does not exist. Ensure that the name for the vault "
                "that is being attempted to recover is in a recoverable state. For more information on soft "
                f"delete please follow this link {_SOFT_DELETE}",
                gateway=False,
            )
        case kind if kind == _ACCOUNT:
            message = "Could not locate a resource to restore."
            return ArmError(409, "CanNotRestoreANonExistingResource", message, gateway=False)
    return not_modelled(f"the recovery of '{resource.path}', which is not kept")


def _in_deleted_state(resource: Scope, held: Json) -> ArmError:
    match resource.resource_type.lower():
        case kind if kind == VAULT:
            code = "ConflictError"
            message = (
                "A vault with the same name already exists in deleted state. You need to either recover or "
                f"purge existing key vault. Follow this link {_SOFT_DELETE} for more information on soft "
                "delete."
            )
        case kind if kind == _ACCOUNT:
            code = "FlagMustBeSetForRestore"
            message = (
                f"An existing resource with ID '{held['was']}' has been soft-deleted. To restore the "
                "resource, you must specify 'restore' to be 'true' in the property. If you don't want to "
                "restore existing resource, please purge it first."
            )
        case _:
            code = "ServiceAlreadyExistsInSoftDeletedState"
            message = (
                f"Api service {resource.name} was soft-deleted. In order to create the new service with the "
                "same name, you have to either undelete the service or purge it. See "
                "https://aka.ms/apimsoftdelete."
            )
    return ArmError(409, code, message, gateway=False)


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
