"""Before something is deleted: what Azure Policy in force would refuse to let go. Reads only."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.catalog.api_versions import api_versions
from coe_scaffold.errors import CloudError, ConfigError
from coe_scaffold.model.json import JsonObject, Unknown
from coe_scaffold.model.plan import Action, Plan, StepKind
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import ChangeType, Resource
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.predict import GOVERNANCE, environment_of
from coe_scaffold.ports import Clock, Inspector, Observer

_OURS_TO_TELL = ("microsoft.authorization/", "microsoft.resources/")
_FIX = "Have the policy's owner exempt it, or leave it in place."


def deletion_checks(
    settings: Settings, plan: Plan, *, observer: Observer, inspector: Inspector, clock: Clock
) -> tuple[Check, ...]:
    """Return a problem for each resource of a plan that a policy with effect denyAction does not let go.

    What a policy may refuse, and that policies cannot be read, is UNKNOWN. Nothing is asked when the plan
    deletes nothing.
    """
    if plan.environment == GOVERNANCE:
        return ()
    going = dict(_going(plan, observer))
    if not going:
        return ()
    from coe_scaffold.checks.policy import Deletion, denied_deletions, read_documents

    try:
        documents = list(inspector.policies(environment_of(settings, plan.environment).scope))
        if "denyaction" not in str(documents).lower():
            return ()
        export = read_documents(documents, "Azure Policy")
        if not export.assignments:  # definitions alone forbid nothing
            return ()
        resources = _read(going, observer)
    except (CloudError, ConfigError) as error:
        return (Check("policy", Verdict.UNKNOWN, f"what may be deleted could not be asked: {error.summary}"),)
    deletions = [Deletion(resource, going[resource.id]) for resource in resources]
    found = denied_deletions(export, deletions, now=clock.now(), tenant=settings.organisation.tenant)
    return tuple(
        Check(
            "policy",
            Verdict.PROBLEM if one.sure else Verdict.UNKNOWN,
            f"{one.policy.title} {'forbids' if one.sure else 'may forbid'} deleting "
            f"{one.deletion.resource.id.path}" + (" with its group" if one.deletion.cascading else ""),
            _FIX,
        )
        for one in found
    )


def _going(plan: Plan, observer: Observer) -> Iterator[tuple[Scope, bool]]:
    """Yield each resource that a plan deletes, and whether it goes with its group."""
    for step in plan.writes:
        if step.action is Action.DELETE and step.kind is StepKind.RESOURCE_GROUP:
            yield from ((one, True) for one in observer.resources(step.scope))
    single = [step.scope for step in plan.writes if _deletes_resource(step.action, step.kind)]
    single += [
        one.resource for step in plan.writes for one in step.changes if one.change is ChangeType.DELETE
    ]
    for one in single:
        if one.resource_type and not one.resource_type.lower().startswith(_OURS_TO_TELL):
            yield one, False


def _deletes_resource(action: Action, kind: StepKind) -> bool:
    return action is Action.DELETE and kind is StepKind.RESOURCE


def _read(going: dict[Scope, bool], observer: Observer) -> list[Resource]:
    """Return the resources as they are; of one that cannot be read tags and location are not known."""
    versions = api_versions()
    asked = {one: version for one in going if (version := versions.get(one.resource_type.lower()))}
    found = observer.read(asked)
    return [
        _resource(one, found[one].body if one in found and not found[one].refusal else _unread(one))
        for one in going
        if one in found or one not in asked  # what is not there any more needs no leave to go
    ]


def _unread(one: Scope) -> JsonObject:
    return {name: Unknown(f"{one.name}.{name}") for name in ("location", "tags", "properties")}


def _resource(one: Scope, body: JsonObject) -> Resource:
    head, _, tail = one.path.rpartition("/providers/")
    return Resource(one.resource_type, "/".join(tail.split("/")[2::2]), "", Scope(head or "/"), body)
