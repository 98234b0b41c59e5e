"""Azure Policy at the door: assigned policies are evaluated on what is about to be written.

Deny refuses with RequestDisallowedByPolicy, modify and append change the request; audit lets it pass. A
policy that the evaluator does not know how to judge is not enforced: the answer of ``coe check`` names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import estate, hierarchy, refused, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World

if TYPE_CHECKING:
    from coe_scaffold.checks.policy import Applied, PolicyExport, Setting

_KINDS = (store.POLICY_DEFINITION, store.POLICY_SET, store.POLICY_ASSIGNMENT, store.POLICY_EXEMPTION)


def admit(tx: Transaction, world: World, resource: Resource) -> Resource:
    """Return a resource as policies leave it; raise ArmError 403 when one denies it."""
    refused.check(world, resource)
    if not tx.all(store.POLICY_ASSIGNMENT):
        return resource
    from coe_scaffold.checks.policy import NotSupportedError, applied, decide
    from coe_scaffold.checks.policy.expressions import Place
    from coe_scaffold.checks.policy.judge import exempting

    export = _reaching(tx, resource.id)
    if not export.assignments:
        return resource
    place = Place(datetime.now(UTC), _group(tx, resource), tenant=world.tenant)
    policies, _ = applied(export, place)
    body = dict(resource.body)
    for policy in sorted(policies, key=lambda item: item.effect not in ("modify", "append")):
        try:
            decision = decide(policy, replace(resource, body=body), place)
        except NotSupportedError:
            continue
        if decision is None or decision.outcome is not Outcome.FAIL or not _enforced(policy):
            continue
        if any(exempting(policy, resource, export.exemptions, place.now)):
            continue
        if decision.effect == "deny":
            raise _denied(policy, resource)
        for setting in decision.settings:
            _apply(body, setting)
    return replace(resource, body=body)


def _group(tx: Transaction, resource: Resource) -> Resource | None:
    if not resource.id.resource_group:
        return None
    scope = estate.group_of(resource.id)
    group = tx.get(store.GROUP, scope.key)
    if group is None:
        return None
    kind = "Microsoft.Resources/resourceGroups"
    home = Scope.subscription_of(scope.subscription)
    return Resource(kind, scope.name, "2024-11-01", home, group["submitted"])


def _enforced(policy: Applied) -> bool:
    return policy.assignment is None or policy.assignment.enforced


def _denied(policy: Applied, resource: Resource) -> ArmError:
    given = policy.assignment
    info: dict[str, Json] = {
        "policyDefinitionId": policy.definition.id,
        "policyDefinitionDisplayName": policy.definition.title,
        "policyDefinitionEffect": "denyAction" if policy.effect == "denyaction" else policy.effect,
        "policyAssignmentId": given.id if given else "",
        "policyAssignmentDisplayName": given.title if given else "",
    }
    named = [
        {
            "policyAssignment": {
                "name": info["policyAssignmentDisplayName"],
                "id": info["policyAssignmentId"],
            },
            "policyDefinition": {"name": policy.definition.title, "id": policy.definition.id},
        }
    ]
    return ArmError(
        403,
        "RequestDisallowedByPolicy",
        f"Resource '{resource.id.name}' was disallowed by policy. Policy identifiers: "
        f"'{json.dumps(named, separators=(',', ':'))}'.",
        target=resource.id.name,
        information=[{"type": "PolicyViolation", "info": info}],
    )


def admit_deletion(tx: Transaction, world: World, scope: Scope) -> None:
    """Return when a resource, or a group with all it holds, may go; raise ArmError 403 for denyAction."""
    if not tx.all(store.POLICY_ASSIGNMENT):
        return
    from coe_scaffold.checks.policy import Deletion, denied_deletions

    document = tx.get(store.RESOURCE, scope.key)
    group = scope.kind is ScopeKind.RESOURCE_GROUP
    held = [item for _, item in tx.all(store.RESOURCE, scope.key + "/")] if group else [document]
    for item in filter(None, held):
        resource = Scope(item["id"])
        head, _, tail = resource.path.rpartition("/providers/")
        name = "/".join(tail.split("/")[2::2])
        seen = Resource(item["type"], name, item["apiVersion"], Scope(head or "/"), item["submitted"])
        export = _reaching(tx, resource)
        if not export.assignments:  # an export without any stands for everything assigned everywhere
            continue
        denied = denied_deletions(export, [Deletion(seen, group)], now=datetime.now(UTC), tenant=world.tenant)
        for one in denied:
            if one.sure and _enforced(one.policy):
                raise _denied(one.policy, seen)


def _reaching(tx: Transaction, resource: Scope) -> PolicyExport:
    """Return the policies, with those assignments that are made at a resource or above it."""
    from coe_scaffold.checks.policy import read_export

    documents = [document["shown"] for kind in _KINDS for _, document in tx.all(kind)]
    export = read_export(json.dumps(documents), "sandbox")
    above = {scope.key for scope in hierarchy.chain(tx, resource)}
    reaching = tuple(item for item in export.assignments if Scope.parse(item.scope or "/").key in above)
    return replace(export, assignments=reaching)


def _apply(body: dict[str, Any], setting: Setting) -> None:
    """Make one change of a policy: to tags, to a member of the properties, or to a list in them."""
    if setting.name.endswith("[*]"):
        for holder, member in _holders(body, setting.name.removesuffix("[*]")):
            holder[member] = [*(holder.get(member) or []), setting.value]
        return
    for holder, member in _holders(body, setting.name):
        if setting.operation == "remove":
            holder.pop(member, None)
        elif setting.operation == "addorreplace" or member not in holder:
            holder[member] = setting.value


def _holders(body: dict[str, Any], name: str) -> Iterator[tuple[dict[str, Any], str]]:
    lowered = name.lower()
    if lowered.startswith("tags"):
        tags = dict(body.get("tags") or {})
        body["tags"] = tags
        yield tags, name[4:].strip(".[]'")
        return
    if "/" in name and "[" not in name:
        *path, member = name.rpartition("/")[2].split(".")
        holder = body["properties"] = dict(body.get("properties") or {})
        for part in path:
            holder[part] = dict(holder.get(part) or {})
            holder = holder[part]
        yield holder, member
