"""Whether a name is free: each provider's own question, answered from what the sandbox holds."""

from __future__ import annotations

from functools import partial

from coe_scaffold.catalog import NameQuestion, name_questions, naming
from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import estate, taken
from coe_scaffold.sandbox.refusals import bad_request
from coe_scaffold.sandbox.routing import Call, Reply, Route

_SCOPE = "/subscriptions/{subscription}/providers/"
_FREE_REASON = {
    "microsoft.apimanagement/service": "Valid",
    "microsoft.eventhub/namespaces": "None",
    "microsoft.servicebus/namespaces": "None",
}
"""What a provider gives as its reason when a name is free; the others give none."""

_RESERVED, _RESERVED_STARTS = ("microsoft", "windows"), ("login", "xbox")
"""Words that no name holds, and with which none starts (Microsoft Learn, "Reserved resource names")."""


def ask(question: NameQuestion, call: Call) -> Reply:
    """Answer a POST: 200 whether the name is free or not."""
    member = next(key for key, value in question.body.items() if value == "{name}")
    name = str(call.content().get(member) or "")
    if not name:
        raise bad_request(f"The request has no '{member}'.")
    with call.world.store.transaction() as tx:
        estate.require_subscription(tx, call.scope)
        held = taken.holder(tx, question, name) is not None
    if question.free == "isSubdomainAvailable":
        reason = f"Sub domain name '{name}' is already used. Please pick a different name." if held else None
        asked = call.content()
        return Reply(
            200,
            {
                "isSubdomainAvailable": not held,
                "reason": reason,
                "subdomainName": name,
                "type": asked.get("type"),
                "kind": asked.get("kind"),
            },
        )
    return Reply(200, _answer(question, name, held=held))


def known(question: NameQuestion, call: Call) -> Reply:
    """Answer a HEAD: 200 when the name is taken, 404 when it is free."""
    with call.world.store.transaction() as tx:
        held = taken.holder(tx, question, call.params["name"])
    return Reply(200 if held else 404)


def check_reserved(call: Call) -> Reply:
    """Tell whether a name holds a word that ARM reserves."""
    name, kind = (str(call.content().get(key) or "") for key in ("name", "type"))
    if not name or not kind:
        raise bad_request("The request needs a 'name' and a 'type'.")
    words = name.lower()
    reserved = words.startswith(_RESERVED_STARTS) or any(word in words for word in _RESERVED)
    return Reply(200, {"name": name, "type": kind, "status": "Reserved" if reserved else "Allowed"})


def _answer(question: NameQuestion, name: str, *, held: bool) -> dict[str, Json]:
    refused = naming().problems(question.type, name)
    storage = question.type in ("Microsoft.Storage/storageAccounts", "Microsoft.KeyVault/vaults")
    if refused:
        reason = "AccountNameInvalid" if storage else "Invalid"
        return {"nameAvailable": False, "reason": reason, "message": f"{refused[0]}."}
    if held:
        text = {
            "Microsoft.KeyVault/vaults": taken.VAULT_TAKEN,
            "Microsoft.Storage/storageAccounts": taken.STORAGE_TAKEN,
        }.get(question.type, "The name '{name}' is already in use.")
        reason = "NameInUse" if question.type.endswith("/namespaces") else "AlreadyExists"
        return {"nameAvailable": False, "reason": reason, "message": text.replace("{name}", name)}
    free: dict[str, Json] = {"nameAvailable": True}
    if valid := _FREE_REASON.get(question.type.lower()):
        free |= {"reason": valid, "message": ""}
    return free


def _route(question: NameQuestion) -> Route:
    if question.method == "HEAD":
        return Route("HEAD", f"/providers/{question.path}", partial(known, question))
    return Route("POST", _SCOPE + question.path, partial(ask, question))


ROUTES = (
    *(_route(question) for question in name_questions().values()),
    Route("POST", "/providers/Microsoft.Resources/checkResourceName", check_reserved),
)
