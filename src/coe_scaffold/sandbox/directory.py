"""The directory: which principals exist, of which kind and under which name.

A deleted group leaves its id behind, as the directory's recycle bin does: role assignments to it stay, new
ones are refused, and seeding does not bring it back.
"""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import store
from coe_scaffold.sandbox.store import Transaction


def find(tx: Transaction, principal: str) -> Json | None:
    """Return what is kept of a principal that exists, or None. Its ``type`` is empty when nobody said."""
    known = tx.get(store.PRINCIPAL, principal)
    return None if known is None or known.get("deleted") else known


def everybody(tx: Transaction) -> Iterator[tuple[str, Json]]:
    """Return object id and document of every principal that exists, sorted by id."""
    return ((key, known) for key, known in tx.all(store.PRINCIPAL) if not known.get("deleted"))


def seed(tx: Transaction, principal: str, kind: str, name: str) -> None:
    """Make a principal known; one that is known keeps its type and takes a name when it has none."""
    known = tx.get(store.PRINCIPAL, principal)
    if known is None or (not known.get("type") and kind):
        tx.put(store.PRINCIPAL, principal, {"type": kind, **({"name": name} if name else {})})


def shown(principal: str, known: Json) -> dict[str, Json]:
    """Return a principal as Microsoft Graph shows it, with its ``@odata.type``."""
    kind = known["type"] or "Group"
    body: dict[str, Json] = {
        "@odata.type": f"#microsoft.graph.{kind[0].lower()}{kind[1:]}",
        "id": principal,
        "displayName": known.get("name") or known.get("of", "").rsplit("/", 1)[-1] or None,
    }
    if kind == "Group":
        return body | {
            "description": known.get("description"),
            "groupTypes": [],
            "mailEnabled": False,
            "mailNickname": known.get("nickname") or principal,
            "securityEnabled": True,
        }
    client = known.get("client") or principal
    return body | {
        "appId": client,
        "servicePrincipalType": "ManagedIdentity",
        "servicePrincipalNames": [client],
        "alternativeNames": [known["of"]] if "of" in known else [],
    }
