"""As much of Microsoft Graph as role assignments need: groups, and who stands behind an object id.

Source: Microsoft Graph v1.0 reference (group, servicePrincipal, directoryObject: getByIds). Anybody may read
but service principals, which have no permission here; only the sandbox's owner may write.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from coe_scaffold.model.json import Json
from coe_scaffold.sandbox import actors, directory, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route
from coe_scaffold.sandbox.store import Transaction

PATH = re.compile(r"(?i)/v1\.0/")
AT_ONCE = 1000
"""Ids that getByIds takes."""
_KINDS = {"groups": "Group", "serviceprincipals": "ServicePrincipal", "users": "User"}
_EQUALS = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
_STARTS = re.compile(r"startswith\((\w+), ?'((?:[^']|'')*)'\)")
_HAS = re.compile(r"(\w+)/any\((\w+): ?\2 eq '((?:[^']|'')*)'\)")
_NEEDED = ("displayName", "mailEnabled", "mailNickname", "securityEnabled")


def list_of(call: Call) -> Reply:
    """Answer GET of groups, users or service principals, with ``$filter`` and ``$top``."""
    kind = _KINDS[call.params["kind"].lower()]
    with _reading(call) as tx:
        found = [directory.shown(key, known) for key, known in directory.everybody(tx)]
    wanted = f"#microsoft.graph.{kind}".lower()
    found = [item for item in found if item["@odata.type"].lower() == wanted]
    if condition := call.query.get("$filter"):
        found = list(filter(_condition(condition), found))
    top = call.query.get("$top", "")
    return _listed(call, call.params["kind"], found[: int(top)] if top.isdecimal() else found)


def get(call: Call) -> Reply:
    """Answer GET of one object, of any kind under ``directoryObjects``."""
    with _reading(call) as tx:
        shown = _require(tx, call.params["id"], _KINDS.get(call.params["kind"].lower(), ""))
    return Reply(200, {"@odata.context": _context(call, f"{call.params['kind']}/$entity"), **shown})


def get_by_ids(call: Call) -> Reply:
    """Answer which of the given ids exist; the others are left out."""
    body = call.content()
    ids = body.get("ids")
    if not isinstance(ids, list) or not 0 < len(ids) <= AT_ONCE:
        raise _bad(f"The request must name 1 to {AT_ONCE} ids.")
    types = {str(kind).lower() for kind in body.get("types") or []} - {"directoryobject"}
    with _reading(call) as tx:
        known = [(str(one).lower(), directory.find(tx, str(one))) for one in ids]
    found = [directory.shown(key, one) for key, one in known if one is not None]
    if types:
        found = [item for item in found if item["@odata.type"].rsplit(".", 1)[-1].lower() in types]
    return _listed(call, "directoryObjects", found)


def create_group(call: Call) -> Reply:
    """Answer POST of a security group."""
    body = call.content()
    _require_owner()
    for name in _NEEDED:
        if body.get(name) in (None, ""):
            raise _bad(f"A value is required for property '{name}' of resource 'Group'.")
    if body["mailEnabled"] or not body["securityEnabled"] or body.get("groupTypes"):
        raise _bad("The sandbox has security groups only: mailEnabled false, securityEnabled true.")
    key = str(uuid.uuid4())
    known = {
        "type": "Group",
        "name": body["displayName"],
        "nickname": body["mailNickname"],
        "description": body.get("description"),
    }
    with call.world.store.transaction() as tx:
        tx.put(store.PRINCIPAL, key, known)
    shown = directory.shown(key, known)
    return Reply(201, {"@odata.context": _context(call, "groups/$entity"), **shown})


def related(call: Call) -> Reply:
    """Answer GET of the owners or members of a group."""
    with _reading(call) as tx:
        _require(tx, call.params["id"], "Group")
        known = directory.find(tx, call.params["id"]) or {}
        named = [(one, directory.find(tx, one)) for one in known.get(call.params["what"].lower()) or []]
    return _listed(call, "directoryObjects", [directory.shown(one, who) for one, who in named if who])


def relate(call: Call) -> Reply:
    """Answer POST of an owner or a member of a group, by reference."""
    _require_owner()
    reference = str(call.content().get("@odata.id") or "")
    one = reference.rpartition("/")[2].lower()
    what = call.params["what"].lower()
    with call.world.store.transaction() as tx:
        _require(tx, call.params["id"], "Group")
        _require(tx, one, "")
        known = directory.find(tx, call.params["id"]) or {}
        if one in (known.get(what) or []):
            raise _bad(f"One or more added object references already exist: '{what}'.")
        tx.put(store.PRINCIPAL, call.params["id"], {**known, what: [*(known.get(what) or []), one]})
    return Reply(204)


def delete_group(call: Call) -> Reply:
    """Answer DELETE of a group: it no longer exists for those who ask, and its id is not used again."""
    _require_owner()
    with call.world.store.transaction() as tx:
        _require(tx, call.params["id"], "Group")
        known = directory.find(tx, call.params["id"]) or {}
        tx.put(store.PRINCIPAL, call.params["id"], {**known, "deleted": True})
    return Reply(204)


def _condition(text: str) -> Callable[[Mapping[str, Json]], bool]:
    def plain(value: str) -> str:
        return value.replace("''", "'").lower()

    if match := _EQUALS.fullmatch(text.strip()):
        name, value = match[1], plain(match[2])
        return lambda item: str(item.get(name) or "").lower() == value
    if match := _STARTS.fullmatch(text.strip()):
        name, value = match[1], plain(match[2])
        return lambda item: str(item.get(name) or "").lower().startswith(value)
    if match := _HAS.fullmatch(text.strip()):
        name, value = match[1], plain(match[3])
        return lambda item: value in [str(one).lower() for one in item.get(name) or []]
    raise ArmError(400, "Request_UnsupportedQuery", f"Unsupported query filter: {text}", gateway=False)


@contextmanager
def _reading(call: Call) -> Iterator[Transaction]:
    """Open the state for a caller that may read the directory; raise ArmError for one that may not."""
    with call.world.store.transaction() as tx:
        for principal in actors.current().principals[:1]:
            if (directory.find(tx, principal) or {}).get("type") == "ServicePrincipal":
                raise _denied()
        yield tx


def _require_owner() -> None:
    if not actors.current().owner:
        raise _denied()


def _require(tx: Transaction, principal: str, kind: str) -> dict[str, Json]:
    known = directory.find(tx, principal)
    shown = directory.shown(principal.lower(), known) if known is not None else None
    if shown is None or (kind and shown["@odata.type"].rpartition(".")[2].lower() != kind.lower()):
        raise ArmError(
            404,
            "Request_ResourceNotFound",
            f"Resource '{principal}' does not exist or one of its queried reference-property objects are "
            "not present.",
            gateway=False,
        )
    return shown


def _listed(call: Call, kind: str, items: list[dict[str, Json]]) -> Reply:
    return Reply(200, {"@odata.context": _context(call, kind), "value": items})


def _context(call: Call, what: str) -> str:
    return f"{call.base}/v1.0/$metadata#{what}"


def _bad(message: str) -> ArmError:
    return ArmError(400, "Request_BadRequest", message, gateway=False)


def _denied() -> ArmError:
    message = "Insufficient privileges to complete the operation."
    return ArmError(403, "Authorization_RequestDenied", message, gateway=False)


ROUTES = (
    Route("POST", "/v1.0/directoryObjects/getByIds", get_by_ids),
    Route("GET", "/v1.0/{kind:groups|servicePrincipals|users}", list_of),
    Route("POST", "/v1.0/groups", create_group),
    Route("DELETE", "/v1.0/groups/{id}", delete_group),
    Route("GET", "/v1.0/groups/{id}/{what:owners|members}", related),
    Route("POST", "/v1.0/groups/{id}/{what:owners|members}/$ref", relate),
    Route("GET", "/v1.0/{kind:groups|servicePrincipals|users|directoryObjects}/{id}", get),
)
