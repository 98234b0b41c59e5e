"""Names that only one resource in all of Azure may have: who has one, and what providers answer then.

Vaults and subdomains are held to uniqueness when they are written; of the other types the provider tells
whether a name is free, and a write is not refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.catalog import NameQuestion, name_questions
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction

VAULT_TAKEN = (
    "The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the "
    "name is already taken. If you are sure that the vault name was not taken then it is possible that a "
    "vault with the same name was recently deleted but not purged after being placed in a recoverable state. "
    "If the vault is in a recoverable state then the vault will need to be purged before reusing the name. "
    "For more information about VaultAlreadyExists, soft delete and purging a vault follow this link "
    "https://go.microsoft.com/fwlink/?linkid=2147740."
)
STORAGE_TAKEN = "The storage account named {name} is already taken."

_REFUSALS: Mapping[str, tuple[str, str]] = {
    "microsoft.keyvault/vaults": ("VaultAlreadyExists", VAULT_TAKEN),
    "microsoft.cognitiveservices/accounts": (
        "CustomDomainInUse",
        "Please pick a different name. The subdomain name '{name}' is not available as it's already used by "
        "a resource.",
    ),
}


def holder(tx: Transaction, question: NameQuestion, name: str) -> Scope | None:
    """Return the resource that has a name, deleted ones that are kept included."""
    kind = question.type.lower()
    found = [(Scope(key), body) for key, body in tx.ending(store.RESOURCE, f"/providers/{kind}/*")]
    for _, held in tx.all(store.DELETED):
        found.append((Scope(held["was"]), held["document"]))
    for resource, document in found:
        if resource.resource_type.lower() != kind:
            continue
        if label(question, resource.name, document["submitted"]).lower() == name.lower():
            return resource
    return None


def label(question: NameQuestion, name: str, body: Mapping[str, Json]) -> str:
    """Return what of a resource must be unique: its name, or a member of its properties."""
    properties = body.get("properties") or {}
    return str(properties.get(question.label) or "") if question.label else name


def refuse_taken(tx: Transaction, resource: Scope, body: Mapping[str, Json]) -> None:
    """Return when a new resource may have its name; raise ArmError 409 when another resource has it."""
    kind = resource.resource_type.lower()
    if kind not in _REFUSALS:
        return
    question = name_questions()[kind]
    name = label(question, resource.name, body)
    if name and holder(tx, question, name) not in (None, resource):
        code, text = _REFUSALS[kind]
        raise ArmError(409, code, text.replace("{name}", name), gateway=False)
