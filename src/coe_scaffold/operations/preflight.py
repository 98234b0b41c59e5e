"""Whether applying a plan can succeed, asked before anything is written. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from coe_scaffold.errors import CloudError, CoeError
from coe_scaffold.model.estate import Lock
from coe_scaffold.model.plan import ACCESS_KINDS, Action, Plan, StepKind
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import ChangeType, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.own_conditions import WRITE, excluded_assignments
from coe_scaffold.operations.predict import GOVERNANCE, environment_of
from coe_scaffold.operations.preflight_groups import check_groups
from coe_scaffold.operations.preflight_models import check_models
from coe_scaffold.operations.preflight_names import check_names
from coe_scaffold.operations.rights import by_role, missing_rights
from coe_scaffold.operations.tenant_policies import NOTE, RULE
from coe_scaffold.ports import Inspector


def preflight(
    settings: Settings, environment: str, plan: Plan, graph: ResourceGraph, inspector: Inspector
) -> tuple[Check, ...]:
    """Return every check of an environment and a plan for it, in the order in which they matter.

    A check that cannot be asked is UNKNOWN with the reason; nothing is raised for it.
    """
    if environment == GOVERNANCE:
        return (
            *permissions(plan, inspector),
            *_answered("conditions", lambda: _conditions(settings, plan, graph, inspector)),
        )
    home = environment_of(settings, environment).scope
    created = set(_changed(plan, {ChangeType.CREATE}))
    new = [resource for resource in graph.resources if resource.id in created]
    asked: tuple[tuple[str, Callable[[], Iterable[Check]]], ...] = (
        ("subscription", lambda: _subscription(settings, home, inspector)),
        ("groups", lambda: check_groups(plan, graph, home, inspector)),
        ("providers", lambda: _providers(plan, home, inspector)),
        ("permissions", lambda: missing_rights(plan, inspector)),
        ("conditions", lambda: _conditions(settings, plan, graph, inspector)),
        ("locks", lambda: _locks(plan, inspector.locks(home))),
        ("policy", lambda: _policy(plan)),
        ("names", lambda: check_names(plan, new, home, inspector)),
        ("models", lambda: check_models(new, graph.resources, home, inspector)),
    )
    return tuple(check for name, ask in asked for check in _answered(name, ask))


def permissions(plan: Plan, inspector: Inspector) -> tuple[Check, ...]:
    """Return whether the caller may do what a plan does: all that is asked before something is deleted."""
    return tuple(_answered("permissions", lambda: missing_rights(plan, inspector)))


def problems(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the checks that forbid applying."""
    return tuple(check for check in checks if check.verdict is Verdict.PROBLEM)


def refuse_hopeless(checks: Iterable[Check], environment: str) -> None:
    """Return when nothing speaks against applying; raise CoeError with every reason at once."""
    found = by_role(problems(checks))
    if found:
        count = len(found)
        raise CoeError(
            f"{count} check{'s' if count != 1 else ''} before applying failed: nothing was written",
            detail="\n".join(
                f"{check.name}: {check.message}" + (f"\n  fix: {check.fix}" if check.fix else "")
                for check in found
            ),
            fix=f"See 'coe doctor --env {environment}'.",
            code="COE-PRE-001",
        )


def _answered(name: str, ask: Callable[[], Iterable[Check]]) -> Iterator[Check]:
    try:
        found = tuple(ask())
    except CloudError as error:
        verdict = Verdict.PROBLEM if name == "subscription" else Verdict.UNKNOWN
        yield Check(name, verdict, error.summary, error.fix)
        return
    yield from found or (Check(name, Verdict.OK, "nothing to ask"),)


def _subscription(settings: Settings, home: Scope, inspector: Inspector) -> Iterator[Check]:
    found = inspector.subscription(home)
    wanted = settings.organisation.tenant
    if found.tenant and found.tenant.lower() != wanted.lower():
        message = f"the subscription is in tenant {found.tenant}, coe.yaml names {wanted}"
        yield Check("tenant", Verdict.PROBLEM, message, "Sign in to the tenant that coe.yaml names.")
    if found.state.lower() not in ("enabled", "warned"):
        message = f"subscription {found.name or found.id} is {found.state or 'in no known state'}"
        yield Check("subscription", Verdict.PROBLEM, message, "Reactivate it, or name another one.")
    else:
        yield Check("subscription", Verdict.OK, f"{found.name or found.id} is {found.state}")


def _providers(plan: Plan, home: Scope, inspector: Inspector) -> Iterator[Check]:
    wanted = sorted({one.resource_type.split("/")[0] for one in _changed(plan, _WRITING)})
    states = inspector.providers(home) if wanted else {}
    missing = [name for name in wanted if states.get(name.lower(), "").lower() != "registered"]
    for name in missing:
        state = states.get(name.lower(), "not known")
        message = f"resource provider {name} is {state}"
        yield Check("providers", Verdict.PROBLEM, message, "coe doctor --env ENV --register")
    if wanted and not missing:
        yield Check("providers", Verdict.OK, f"{len(wanted)} resource providers are registered")


def unregistered(plan: Plan, home: Scope, inspector: Inspector) -> tuple[str, ...]:
    """Return the resource providers that a plan needs and that are not registered."""
    wanted = sorted({one.resource_type.split("/")[0] for one in _changed(plan, _WRITING)})
    states = inspector.providers(home) if wanted else {}
    return tuple(name for name in wanted if states.get(name.lower(), "").lower() != "registered")


_WRITING = {ChangeType.CREATE, ChangeType.MODIFY, ChangeType.DEPLOY}


def _changed(plan: Plan, kinds: set[ChangeType]) -> Iterator[Scope]:
    for step in plan.writes:
        yield from (change.resource for change in step.changes if change.change in kinds)


def _policy(plan: Plan) -> Iterator[Check]:
    """Yield what Azure Policy says of the plan: its findings and notes (see ``with_policies``)."""
    for one in plan.findings:
        if one.rule.startswith(RULE):
            verdict = Verdict.PROBLEM if one.blocks else Verdict.UNKNOWN
            yield Check("policy", verdict, f"{one.title}: {one.subject}: {one.message}", one.fix)
    for note in plan.notes:
        if note.startswith(NOTE):
            unknown = note.startswith(f"{NOTE}not judged")
            yield Check("policy", Verdict.UNKNOWN if unknown else Verdict.OK, note.removeprefix(NOTE))


def _conditions(
    settings: Settings, plan: Plan, graph: ResourceGraph, inspector: Inspector
) -> Iterator[Check]:
    found = excluded_assignments(settings, plan, graph, inspector)
    for one in found:
        fix = "Let somebody without that condition do it, or have role and principal type added to it."
        scope = one.assignment.scope.path
        yield Check("conditions", Verdict.PROBLEM, str(one), fix, WRITE, scope, alike=one.alike)
    if not found:
        yield Check("conditions", Verdict.OK, "no condition of your roles excludes an assignment of the plan")


def _locks(plan: Plan, locks: Iterable[Lock]) -> Iterator[Check]:
    known = tuple(locks)
    removed = {step.scope for step in plan.writes if step.kind is StepKind.RESOURCE}
    hit: dict[Lock, str] = {}
    for step in plan.writes:
        deleting = step.action is Action.DELETE
        targets = [one.resource for one in step.changes if one.change in _WRITING] or [step.scope]
        for lock in known:
            if lock.id in removed or not (deleting or lock.level.lower() == "readonly"):
                continue
            if step.kind in ACCESS_KINDS and not deleting:
                continue
            if any(lock.home.contains(one) for one in targets):
                hit.setdefault(lock, step.title)
    for lock, title in hit.items():
        message = f"lock {lock.id.name} ({lock.level}) on {lock.home.name} forbids: {title}"
        yield Check("locks", Verdict.PROBLEM, message, "Remove the lock, or leave what it protects in place.")
    if not hit:
        yield Check("locks", Verdict.OK, f"none of {len(known)} locks is in the way")
