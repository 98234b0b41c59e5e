"""The rights that applying takes, against what the caller holds, and the role to ask for. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from coe_scaffold.access.effective import permits
from coe_scaffold.catalog import Permission, RoleDefinition, roles
from coe_scaffold.model.plan import Plan, StepKind
from coe_scaffold.model.preflight import Check, Verdict
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.planning.stacks import denies
from coe_scaffold.ports import Inspector

NAMED = 3
"""Missing actions of one role at one scope that are named; the rest is a count."""

_WRITING = {ChangeType.CREATE, ChangeType.MODIFY, ChangeType.DEPLOY}
_PREFERRED = (
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
    "36243c78-bf99-498c-9df9-86d9f8d28608",  # Resource Policy Contributor
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
)
"""Built-in roles from the least to the most, of those an administrator would give to somebody who deploys."""


def missing_rights(plan: Plan, inspector: Inspector) -> Iterator[Check]:
    """Yield a problem for each action of a plan that the caller may not do, or that nothing is missing."""
    wanted = sorted(set(rights(plan)))
    held: dict[str, RoleDefinition] = {}
    missing: dict[str, list[str]] = {}
    for action, scope in wanted:
        if scope not in held:
            held[scope] = _held(Scope(scope), inspector)
        if not permits(held[scope], action):
            missing.setdefault(scope, []).append(action)
    for scope, actions in missing.items():
        for action, role in least_roles(actions).items():
            message = f"you may not do {action} at {scope}"
            yield Check("permissions", Verdict.PROBLEM, message, _asking(role), action, scope, role)
    if wanted and not missing:
        yield Check("permissions", Verdict.OK, f"you may do all {len(wanted)} actions the plan needs")


def by_role(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return checks with the missing actions of one role at one scope as one, in the place of the first.

    Checks that are alike but for their scopes are one, too.
    """
    groups: dict[object, list[Check]] = {}
    for number, check in enumerate(checks):
        missing = check.name == "permissions" and check.action
        key = check.alike or ((check.role, check.scope) if missing else number)
        groups.setdefault(key, []).append(check)
    return tuple(group[0] if len(group) == 1 else _together(group) for group in groups.values())


def rights(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield (action, scope) of every right that applying takes, at the scope where it is usually given."""
    for step in plan.writes:
        if step.needs:
            yield step.needs, _home(step.scope)
        if step.kind is StepKind.DEPLOYMENT and denies(step.after):
            yield "Microsoft.Resources/deploymentStacks/manageDenySetting/action", _home(step.scope)
        for change in step.changes:
            if change.change in _WRITING:
                yield f"{_action_type(change.resource)}/write", _home(change.resource)


def least_roles(actions: Iterable[str]) -> dict[str, str]:
    """Return for each action the name of the least usual role to ask for, empty when none permits it.

    A role that another one asked for at the same place makes needless is not asked for.
    """
    wanted = tuple(actions)
    usual = [role for guid in _PREFERRED if (role := roles().get(guid)) is not None]
    least = {action: next((role for role in usual if permits(role, action)), None) for action in wanted}
    asked = [role for role in usual if role in least.values()]
    for role in asked:
        own = [action for action, one in least.items() if one is role]
        other = next((one for one in asked if one is not role and all(permits(one, a) for a in own)), None)
        if other is not None:
            least |= dict.fromkeys(own, other)
    return {action: role.name if role else "" for action, role in least.items()}


def _together(group: list[Check]) -> Check:
    first = group[0]
    if first.alike:
        return replace(first, message=first.alike.replace("{where}", _places(group)))
    named = ", ".join(check.action for check in group[:NAMED])
    more = f" and {len(group) - NAMED} more" if len(group) > NAMED else ""
    message = f"you may not do {len(group)} actions at {first.scope}: {named}{more}"
    return Check(first.name, first.verdict, message, first.fix, first.action, first.scope, first.role)


def _places(group: list[Check]) -> str:
    names = list(dict.fromkeys(Scope(check.scope).name for check in group))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"on {', '.join(names[:NAMED])}{more} ({len(group)} times)"


def _asking(role: str) -> str:
    return f"Ask for the role {role} there." if role else "Ask for a role with that action there."


def _action_type(resource: Scope) -> str:
    if resource.kind is ScopeKind.RESOURCE_GROUP:
        return "Microsoft.Resources/subscriptions/resourceGroups"
    return resource.resource_type


def _home(scope: Scope) -> str:
    return f"/subscriptions/{scope.subscription}" if scope.subscription else scope.path


def _held(scope: Scope, inspector: Inspector) -> RoleDefinition:
    blocks = tuple(
        Permission(one.actions, one.not_actions, one.data_actions, one.not_data_actions)
        for one in inspector.permissions(scope)
    )
    return RoleDefinition("", "what the caller holds", blocks)
