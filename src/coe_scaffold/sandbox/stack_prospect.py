"""What a deployment stack would change, worked out without writing: the changes of a stack what-if."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import deployments, stacks, unmanaging, writing
from coe_scaffold.sandbox.comparing import change, differences
from coe_scaffold.sandbox.prospect import Prospect
from coe_scaffold.sandbox.stacks import Wish
from coe_scaffold.sandbox.world import World


def changes(world: World, wish: Wish, stack: Json | None) -> Json:
    """Return what deploying a wish as a stack would change; ``stack`` is its record, None when it is new.

    Raises ArmError when the template is refused.
    """
    request = wish.deployment(f"{wish.name[:50]}-whatif")
    graph = deployments.graph_of(world, request, Prospect(world), begins=True)
    managed = [item["id"] for item in stack["resources"]] if stack else []
    before = stacks.deny_of(Wish(**stack["wish"])) if stack else None
    with world.store.transaction() as tx:
        found = [change(resource, writing.submitted(tx, resource)) for resource in graph.resources]
    known = {path.lower() for path in managed}
    named = {str(item["resourceId"]).lower() for item in found}
    after = stacks.deny_of(wish)
    resources = [_made(item, known, before, after) for item in found]
    resources += [
        _left(path, stacks.actions_of(wish), before) for path in managed if path.lower() not in named
    ]
    resources.sort(key=lambda item: str(item["id"]).lower())
    denial: dict[str, Json] = {"after": after, "delta": list(_changed(differences(before or {}, after)))}
    if before:
        denial["before"] = before
    return {"resourceChanges": resources, "denySettingsChange": denial}


def brief(found: Json) -> Json:
    """Return changes as GET shows them: without the properties, for which POST whatIf is asked."""
    resources = [
        {key: value for key, value in item.items() if key != "resourceConfigurationChanges"}
        for item in found["resourceChanges"]
    ]
    return {**found, "resourceChanges": resources}


def _made(item: Mapping[str, Json], known: set[str], before: Json, after: Json) -> Json:
    path, kind = str(item["resourceId"]), str(item["changeType"])
    managed = path.lower() in known
    configuration: dict[str, Json] = {key: item[key] for key in ("before", "after") if key in item}
    if "delta" in item:
        configuration["delta"] = list(_changed(item["delta"]))
    return {
        "id": path,
        "type": Scope(path).resource_type,
        "changeType": kind[:1].lower() + kind[1:],
        "changeCertainty": "definite",
        "managementStatusChange": {"before": "managed" if managed else "unmanaged", "after": "managed"},
        "denyStatusChange": {
            "before": stacks.deny_status(path, before) if managed and before else "none",
            "after": stacks.deny_status(path, after),
        },
        "resourceConfigurationChanges": configuration,
    }


def _left(path: str, actions: Mapping[str, Json], before: Json) -> Json:
    deleted = unmanaging.deletes(Scope(path), actions)
    return {
        "id": path,
        "type": Scope(path).resource_type,
        "changeType": "delete" if deleted else "detach",
        "changeCertainty": "definite",
        "managementStatusChange": {"before": "managed", "after": "unmanaged"},
        "denyStatusChange": {"before": stacks.deny_status(path, before), "after": "none"},
    }


def _changed(delta: Json) -> Iterator[Json]:
    """Yield property changes of a deployment's what-if as a stack's shows them."""
    for one in delta:
        kind = str(one["propertyChangeType"])
        shown = {key: value for key, value in one.items() if key not in ("propertyChangeType", "children")}
        children = {"children": list(_changed(one["children"]))} if "children" in one else {}
        yield {**shown, "changeType": kind[:1].lower() + kind[1:], **children}
