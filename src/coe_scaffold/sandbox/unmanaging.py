"""What becomes of resources a deployment stack no longer manages: deleted or detached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.sandbox import estate, policing, store
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.store import Transaction
from coe_scaffold.sandbox.world import World


@dataclass
class Fate:
    """What was deleted, detached, and what could not be deleted, as ARM lists it."""

    detached: list[Any] = field(default_factory=list)
    deleted: list[Any] = field(default_factory=list)
    failed: list[Any] = field(default_factory=list)

    def still_managed(self, before: Sequence[Json]) -> list[Json]:
        """Return the earlier entries of what could not be deleted: the stack keeps them."""
        kept = {str(item["id"]).lower() for item in self.failed}
        return [item for item in before if str(item["id"]).lower() in kept]


def release(world: World, paths: Sequence[str], actions: Mapping[str, Json]) -> Fate:
    """Delete or detach resources, what was made last first; groups after what is in them."""
    fate = Fate()
    newest = list(reversed(paths))
    order = sorted(newest, key=lambda path: Scope(path).kind is ScopeKind.RESOURCE_GROUP)
    for path in order:
        scope = Scope(path)
        if not deletes(scope, actions):
            fate.detached.append({"id": path})
            continue
        try:
            with world.store.transaction() as tx:
                _delete(tx, world, scope)
        except ArmError as error:
            fate.failed.append({"error": error.error(), "id": path})
        else:
            fate.deleted.append({"id": path})
    return fate


def error(fate: Fate) -> Json:
    """Return ARM's error of a stack that could not delete everything."""
    return {
        "code": "DeploymentStackDeleteResourcesFailed",
        "message": "One or more resources could not be deleted. Please see the failedResources property for "
        "details.",
        "details": [{**item["error"], "target": item["id"]} for item in fate.failed],
    }


def wants_deletion(resources: Sequence[Json], actions: Mapping[str, Json]) -> bool:
    """Return whether any of a stack's resources would be deleted."""
    return any(deletes(Scope(item["id"]), actions) for item in resources)


def deletes(scope: Scope, actions: Mapping[str, Json]) -> bool:
    """Return whether something a stack no longer manages is deleted."""
    match scope.kind:
        case ScopeKind.RESOURCE_GROUP:
            wanted = actions.get("resourceGroups")
        case ScopeKind.MANAGEMENT_GROUP:
            wanted = actions.get("managementGroups")
        case _:
            wanted = actions.get("resources")
    return str(wanted or "detach").lower() == "delete"


def _delete(tx: Transaction, world: World, scope: Scope) -> None:
    estate.check_locks(tx, scope, "delete", below=True)
    policing.admit_deletion(tx, world, scope)
    kind = scope.resource_type.lower()
    if scope.kind is ScopeKind.RESOURCE_GROUP:
        estate.clear(tx, scope)
        tx.delete(store.GROUP, scope.key)
        return
    held = {
        "microsoft.authorization/locks": store.LOCK,
        "microsoft.authorization/policyassignments": store.POLICY_ASSIGNMENT,
        "microsoft.authorization/policydefinitions": store.POLICY_DEFINITION,
        "microsoft.authorization/policysetdefinitions": store.POLICY_SET,
        "microsoft.management/managementgroups": store.MANAGEMENT_GROUP,
    }
    if kind == "microsoft.authorization/roleassignments":
        assignment = tx.get(store.ASSIGNMENT, scope.key)
        if assignment is not None:
            estate.forget_assignment(tx, scope.key, assignment)
    elif kind == "microsoft.authorization/roledefinitions":
        tx.delete(store.ROLE, scope.name)
    elif kind == "microsoft.management/managementgroups":
        tx.delete(store.MANAGEMENT_GROUP, scope.name)
    elif kind in held:
        tx.delete(held[kind], scope.key)
    else:
        estate.remove(tx, scope)
