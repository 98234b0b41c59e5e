"""Policy definitions, initiatives and exemptions: what is created and updated, DELETE 200 or 204.

Definitions at the tenant are the built-in ones; the sandbox has those it was given (``coe sandbox import``)
and answers 404 for the others.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import estate, hierarchy, store
from coe_scaffold.sandbox.authorship import SYSTEM_DATA, metadata, system_data
from coe_scaffold.sandbox.refusals import ArmError, bad_request, not_modelled
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

DEFINITION = "Microsoft.Authorization/policyDefinitions"
SET = "Microsoft.Authorization/policySetDefinitions"
EXEMPTION = "Microsoft.Authorization/policyExemptions"
KINDS = {
    "policydefinitions": (DEFINITION, store.POLICY_DEFINITION, "PolicyDefinition", "policy definition"),
    "policysetdefinitions": (SET, store.POLICY_SET, "PolicySetDefinition", "policy set definition"),
    "policyexemptions": (EXEMPTION, store.POLICY_EXEMPTION, "PolicyExemption", "policy exemption"),
}
_VERSIONED = "2023-04-01"
"""First api-version that shows ``version`` and ``versions`` of built-in definitions."""


def put(call: Call) -> Reply:
    """Create or update: 201; 200 for an initiative or an exemption that is there."""
    with call.world.store.transaction() as tx:
        kind = _kind(call)
        shown, created = write(tx, call.world, call.scope, kind, call.params["name"], call.content())
    status = 201 if created or kind == "policydefinitions" else 200
    return Reply(status, dated(call, shown))


def get(call: Call) -> Reply:
    """Return one, or 404 with the kind's own code."""
    with call.world.store.transaction() as tx:
        found = _find(call, tx)
    if found is None:
        raise _missing(call)
    return Reply(200, dated(call, found["shown"]))


def refuse_id(call: Call) -> Reply:
    """Refuse a whole id where a name belongs: its first part is taken for the name."""
    raise _missing(call)


def refuse_child(call: Call) -> Reply:
    """Refuse a name with a slash: what follows it is taken for a type below the definition."""
    child = call.params["child"]
    if child.lower() == "versions":
        raise not_modelled("versions of definitions")
    type_name = KINDS[_kind(call)][0]
    message = f"Unsupported resource type: '{type_name}/{child}'."
    raise ArmError(404, "ResourceTypeNotSupported", message, gateway=False)


def patch(call: Call) -> Reply:
    """Change the selectors or the validation of an exemption."""
    with call.world.store.transaction() as tx:
        found = _find(call, tx)
        if found is None:
            raise _missing(call)
        given = call.content().get("properties") or {}
        body = {"properties": {**found["submitted"].get("properties", {}), **given}}
        shown = write(tx, call.world, call.scope, _kind(call), call.params["name"], body)[0]
        return Reply(200, dated(call, shown))


def delete(call: Call) -> Reply:
    """Delete one: 200 with its body, 204 when it is not there, 400 for a definition that is assigned."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        found = _find(call, tx)
        if found is None:
            return Reply(204)
        identifier = Scope(found["shown"]["id"])
        users = [
            item["shown"]["id"]
            for _, item in tx.all(store.POLICY_ASSIGNMENT)
            if str(item["shown"]["properties"]["policyDefinitionId"]).lower() == identifier.key
        ]
        if users and _kind(call) != "policyexemptions":
            raise ArmError(
                400,
                f"{KINDS[_kind(call)][2]}IsInUse",
                f"The {KINDS[_kind(call)][3]} '{identifier.name}' cannot be deleted because it is assigned: "
                f"'{', '.join(users)}'.",
                gateway=False,
            )
        estate.check_locks(tx, identifier, "delete")
        tx.delete(KINDS[_kind(call)][1], identifier.key)
    return Reply(200, None if _kind(call) == "policyexemptions" else dated(call, found["shown"]))


def list_all(call: Call) -> Reply:
    """List what is usable at a scope: its own, and the built-in ones of the tenant."""
    type_name, kind, *_ = KINDS[_kind(call)]
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        if kind == store.POLICY_EXEMPTION:
            above = (home.child(type_name, "x").key[:-1] for home in hierarchy.chain(tx, call.scope))
            inherited = {key: one for prefix in above for key, one in tx.all(kind, prefix)}
            found = list({**inherited, **dict(tx.all(kind, call.scope.key.rstrip("/") + "/"))}.items())
        else:
            own = call.scope.child(type_name, "x").key[:-1]
            top = Scope.tenant().child(type_name, "x").key[:-1]
            found = list({**dict(tx.all(kind, own)), **dict(tx.all(kind, top))}.items())
    return page(call, [dated(call, item["shown"]) for _, item in found])


def write(
    tx: Transaction, world: World, scope: Scope, kind: str, name: str, body: Mapping[str, Json]
) -> tuple[Json, bool]:
    """Create or update one; return it as GET shows it and whether it is new."""
    type_name, table, *_ = KINDS[kind]
    estate.require_scope(tx, scope, writing=True)
    allowed = (ScopeKind.SUBSCRIPTION, ScopeKind.MANAGEMENT_GROUP)
    if kind != "policyexemptions" and scope.kind not in allowed:
        raise ArmError(
            400,
            "InvalidCreate" + KINDS[kind][2] + "Request",
            f"A {KINDS[kind][3]} is created at a subscription or a management group, not at '{scope.path}'.",
            gateway=False,
        )
    identifier = scope.child(type_name, name)
    estate.check_locks(tx, identifier, "write")
    existing = tx.get(table, identifier.key)
    given = {key: value for key, value in (body.get("properties") or {}).items() if value is not None}
    properties = _PREPARED[kind](given, identifier)
    before = existing["shown"] if existing else None
    if kind != "policyexemptions" or "metadata" in given:
        properties["metadata"] = metadata(world, given.get("metadata"), before)
    shown: dict[str, Json] = {
        "properties": properties,
        "id": identifier.path,
        "type": type_name,
        "name": name,
        "systemData": system_data(before),
    }
    tx.put(table, identifier.key, {"shown": shown, "submitted": dict(body)})
    return shown, existing is None


def dated(call: Call, shown: Json) -> Json:
    """Return one as the call's api-version shows it."""
    hidden = {"systemData"} if call.api_version < SYSTEM_DATA else set()
    body = {key: value for key, value in shown.items() if key not in hidden}
    if call.api_version < _VERSIONED:
        kept = {k: v for k, v in body["properties"].items() if k not in ("version", "versions")}
        body["properties"] = kept
    return body


def _definition(given: Mapping[str, Json], identifier: Scope) -> dict[str, Json]:
    rule = given.get("policyRule")
    if not isinstance(rule, Mapping) or "if" not in rule or "then" not in rule:
        raise bad_request(
            f"The policy definition '{identifier.name}' is invalid: its policyRule needs 'if' and 'then'.",
            "InvalidPolicyRule",
        )
    rest = {k: v for k, v in given.items() if k not in ("policyRule", "parameters", "policyType", "mode")}
    properties = {**rest, "policyType": "Custom", "mode": given.get("mode") or "Indexed"}
    if "parameters" in given:
        properties["parameters"] = {
            name: {**item, "type": str(item.get("type", ""))[:1].upper() + str(item.get("type", ""))[1:]}
            for name, item in given["parameters"].items()
        }
    return {**properties, "policyRule": rule}


def _set(given: Mapping[str, Json], identifier: Scope) -> dict[str, Json]:
    members = given.get("policyDefinitions")
    if not isinstance(members, list) or not members:
        raise bad_request(
            f"The policy set definition '{identifier.name}' has no policy definitions.",
            "InvalidPolicySetDefinition",
        )
    named = [
        {
            "policyDefinitionReferenceId": item.get("policyDefinitionReferenceId")
            or str(zlib.crc32(f"{identifier.key}|{number}".encode()) * 2654435761),
            **item,
        }
        for number, item in enumerate(members)
    ]
    rest = {k: v for k, v in given.items() if k not in ("policyDefinitions", "policyType")}
    return {**rest, "policyType": "Custom", "policyDefinitions": named}


def _exemption(given: Mapping[str, Json], identifier: Scope) -> dict[str, Json]:
    if not given.get("policyAssignmentId") or given.get("exemptionCategory") not in ("Waiver", "Mitigated"):
        raise bad_request(
            f"The policy exemption '{identifier.name}' needs a policyAssignmentId and an exemptionCategory, "
            "Waiver or Mitigated.",
            "InvalidPolicyExemption",
        )
    return dict(given)


_PREPARED = {
    "policydefinitions": _definition,
    "policysetdefinitions": _set,
    "policyexemptions": _exemption,
}


def _kind(call: Call) -> str:
    return call.params["kind"].lower()


def _find(call: Call, tx: Transaction) -> Json | None:
    estate.require_scope(tx, call.scope)
    type_name, table, *_ = KINDS[_kind(call)]
    return tx.get(table, call.scope.child(type_name, call.params["name"]).key)


def _missing(call: Call) -> ArmError:
    *_, code, words = KINDS[_kind(call)]
    return ArmError(
        404, f"{code}NotFound", f"The {words} '{call.params['name']}' could not be found.", gateway=False
    )


def _routes() -> tuple[Route, ...]:
    found: list[Route] = []
    for kind in ("policyDefinitions", "policySetDefinitions", "policyExemptions"):
        base = f"{{scope}}/providers/Microsoft.Authorization/{{kind:{kind}}}"
        found += [
            Route("PUT", base + "/{name}", put),
            Route("GET", base + "/{name}", get),
            Route("DELETE", base + "/{name}", delete),
            Route("GET", base, list_all),
            Route("GET", base + "/{name}/{child}", refuse_child),
        ]
    exemption = "{scope}/providers/Microsoft.Authorization/{kind:policyExemptions}/{name}"
    below = "/subscriptions/{subscription}/providers/Microsoft.Authorization/{kind:policyDefinitions}/"
    return (
        Route("GET", below + "{name:providers}/{tail}", refuse_id),
        *found,
        Route("PATCH", exemption, patch),
    )


ROUTES = _routes()
