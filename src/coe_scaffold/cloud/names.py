"""Asks providers whether a globally unique name is free, and looks who in a subscription has it."""

from __future__ import annotations

from coe_scaffold.catalog import NameQuestion
from coe_scaffold.cloud import raw
from coe_scaffold.cloud.clients import Clients
from coe_scaffold.model.estate import NameState
from coe_scaffold.model.scope import Scope

_LIST_API = "2021-04-01"


def name_state(clients: Clients, subscription: Scope, question: NameQuestion, name: str) -> NameState:
    """Return a provider's answer; the Azure SDK's errors pass."""
    path = f"/providers/{question.path.replace('{name}', name)}"
    if question.method == "HEAD":
        taken = raw.exists(clients, path, question.api_version)
        return NameState(not taken, "the name exists already" if taken else "")
    answer = raw.ask(clients, subscription.path + path, question.api_version, question.asked(name))
    return NameState(bool(answer.get(question.free)), str(answer.get(question.reason) or ""))


def holder(clients: Clients, subscription: Scope, question: NameQuestion, name: str) -> Scope | None:
    """Return the resource of a subscription that has a name, or None."""
    wanted = f"resourceType eq '{question.type}'"
    for item in raw.items(clients, f"{subscription.path}/resources", _LIST_API, **{"$filter": wanted}):
        found = Scope.parse(str(item["id"]))
        if _label(clients, found, question).lower() == name.lower():
            return found
    return None


def _label(clients: Clients, resource: Scope, question: NameQuestion) -> str:
    if not question.label:
        return resource.name
    whole = raw.get(clients, resource.path, question.api_version)
    return str((whole.get("properties") or {}).get(question.label) or "")
