"""Role management policies: every role at every scope has one, with Azure's default rules until changed.

The defaults are those of privileged-role-policy-rest-sample: eligible for at most a year, active for at most
half of one, activated for at most eight hours with justification and multi-factor authentication.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping

from coe_scaffold.catalog import roles as catalogue
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import estate, refusals, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call, Reply, Route, page
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.surfaces import roles

_TYPE = "Microsoft.Authorization/roleManagementPolicies"
_ASSIGNMENT_TYPE = "Microsoft.Authorization/roleManagementPolicyAssignments"


def list_assignments(call: Call) -> Reply:
    """List the policies in force at a scope, of every role or of the one a filter names."""
    return page(call, [_assigned(call.scope, role, rules) for role, rules in _listed(call)])


def list_policies(call: Call) -> Reply:
    """List the policies of a scope."""
    return page(call, [_policy(call.scope, role, rules) for role, rules in _listed(call)])


def get(call: Call) -> Reply:
    """Return one policy of a scope."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        role = _role(tx, call.scope, call.params["name"])
        return Reply(200, _policy(call.scope, role, _rules(tx, call.scope, role)))


def get_assignment(call: Call) -> Reply:
    """Return one policy in force at a scope; its name is that of the policy, ``_`` and the role."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        role = _role(tx, call.scope, call.params["name"].partition("_")[0])
        return Reply(200, _assigned(call.scope, role, _rules(tx, call.scope, role)))


def patch(call: Call) -> Reply:
    """Replace the rules that are sent, by their id; the others stay."""
    given = (call.content().get("properties") or {}).get("rules") or []
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        role = _role(tx, call.scope, call.params["name"])
        rules = {rule["id"]: rule for rule in _rules(tx, call.scope, role)}
        for rule in given:
            if not isinstance(rule, Mapping) or rule.get("id") not in rules:
                raise ArmError(400, "InvalidPolicyRule", "The policy rule is invalid.", gateway=False)
            rules[rule["id"]] = {**rules[rule["id"]], **rule}
        tx.put(store.ROLE_POLICY, _name(call.scope, role), list(rules.values()))
        return Reply(200, _policy(call.scope, role, list(rules.values())))


def longest(tx: Transaction, scope: Scope, role: str, *, eligible: bool) -> tuple[bool, str]:
    """Return whether an administrator's assignment must end, and the longest it may last."""
    name = "Expiration_Admin_Eligibility" if eligible else "Expiration_Admin_Assignment"
    rule = next(rule for rule in _rules(tx, scope, role) if rule["id"] == name)
    return bool(rule["isExpirationRequired"]), str(rule["maximumDuration"])


def _listed(call: Call) -> list[tuple[str, list[Json]]]:
    text = call.query.get("$filter", "").strip()
    named = re.fullmatch(r"(?i)roleDefinitionId eq '([^']*)'", text)
    if text and not named and text.lower() != "atscope()":
        raise refusals.not_modelled(f'the filter "{text}" of role management policies')
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope)
        known = _known(tx)
        wanted = [named[1].rsplit("/", 1)[-1].lower()] if named else known
        return [(role, _rules(tx, call.scope, role)) for role in wanted if role in known]


def _known(tx: Transaction) -> list[str]:
    return [*(role.guid for role in catalogue()), *(key for key, _ in tx.all(store.ROLE))]


def _rules(tx: Transaction, scope: Scope, role: str) -> list[Json]:
    stored = tx.get(store.ROLE_POLICY, _name(scope, role))
    return stored if stored is not None else _defaults()


def _role(tx: Transaction, scope: Scope, name: str) -> str:
    found = next((role for role in _known(tx) if _name(scope, role) == name.lower()), None)
    if found is None:
        raise ArmError(
            404, "RoleManagementPolicyNotFound", f"The policy '{name}' is not found.", gateway=False
        )
    return found


def _name(scope: Scope, role: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"policy|{scope.key}|{role.lower()}"))


def _policy(scope: Scope, role: str, rules: list[Json]) -> Json:
    name = _name(scope, role)
    properties = {
        "scope": scope.path,
        "isOrganizationDefault": False,
        "rules": rules,
        "effectiveRules": rules,
    }
    return {"properties": properties, "id": scope.child(_TYPE, name).path, "type": _TYPE, "name": name}


def _assigned(scope: Scope, role: str, rules: list[Json]) -> Json:
    home = f"/subscriptions/{scope.subscription}" if scope.subscription else ""
    name = f"{_name(scope, role)}_{role}"
    properties = {
        "scope": scope.path,
        "roleDefinitionId": f"{home}/providers/{roles.TYPE}/{role}",
        "policyId": scope.child(_TYPE, _name(scope, role)).path,
        "effectiveRules": rules,
    }
    shown = {"properties": properties, "id": scope.child(_ASSIGNMENT_TYPE, name).path}
    return {**shown, "type": _ASSIGNMENT_TYPE, "name": name}


def _defaults() -> list[Json]:
    return [
        _rule("Expiration_Admin_Eligibility", isExpirationRequired=True, maximumDuration="P365D"),
        _rule("Enablement_Admin_Eligibility", enabledRules=[]),
        _rule("Expiration_Admin_Assignment", isExpirationRequired=True, maximumDuration="P180D"),
        _rule("Enablement_Admin_Assignment", enabledRules=["MultiFactorAuthentication", "Justification"]),
        _rule("Expiration_EndUser_Assignment", isExpirationRequired=True, maximumDuration="PT8H"),
        _rule("Enablement_EndUser_Assignment", enabledRules=["MultiFactorAuthentication", "Justification"]),
        _rule("Approval_EndUser_Assignment", setting={
            "isApprovalRequired": False,
            "isApprovalRequiredForExtension": False,
            "isRequestorJustificationRequired": True,
            "approvalMode": "SingleStage",
            "approvalStages": [],
        }),
    ]  # fmt: skip


def _rule(name: str, **members: Json) -> Json:
    kind, caller, level = name.split("_")
    target = {
        "caller": caller,
        "operations": ["All"],
        "level": level,
        "targetObjects": None,
        "inheritableSettings": None,
        "enforcedSettings": None,
    }
    return {"id": name, "ruleType": f"RoleManagementPolicy{kind}Rule", "target": target, **members}


_BASE = "{scope}/providers/Microsoft.Authorization/roleManagementPolic"

ROUTES = (
    Route("GET", _BASE + "yAssignments", list_assignments),
    Route("GET", _BASE + "yAssignments/{name}", get_assignment),
    Route("GET", _BASE + "ies", list_policies),
    Route("GET", _BASE + "ies/{name}", get),
    Route("PATCH", _BASE + "ies/{name}", patch),
)
