"""What exists of an environment's access: read in one way by the plan and by the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from coe_scaffold.access import DesiredAccess, role_lookup
from coe_scaffold.catalog import Permission, RoleDefinition
from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import (
    OWNERSHIP_MARK,
    Assignment,
    CustomRole,
    DenyAssignment,
    Mode,
    ObservedAssignment,
    PrincipalType,
    RoleRef,
)
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule, RolePolicy
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Group, Pim, Settings
from coe_scaffold.operations.access import Actual
from coe_scaffold.operations.predict import environment_of
from coe_scaffold.ports import Observer

_FORBIDDEN = 403


@dataclass(frozen=True)
class ObservedAccess:
    """Access to a subscription and to the management group above it.

    ``assignments`` are those that nothing ends: an active schedule's own, or an activated one's, is left
    out. ``schedules`` are eligible and time-bound roles; ``rules`` what activating roles takes; ``denials``
    the deny assignments that hold there, if they were asked for. ``unread`` are scopes that the caller may
    not read: of what they hold only that is known which the subscription inherits.
    """

    assignments: tuple[ObservedAssignment, ...]
    roles: tuple[CustomRole, ...]
    schedules: tuple[ObservedSchedule, ...] = ()
    rules: Mapping[tuple[str, str], ActivationRules | None] = field(default_factory=dict, hash=False)
    denials: tuple[DenyAssignment, ...] = ()
    unread: tuple[Scope, ...] = ()

    def inside(self, scopes: Iterable[Scope]) -> ObservedAccess:
        """Return what is held at scopes and below them, and nothing of what they inherit."""
        starts = tuple(scope.key.rstrip("/") + "/" for scope in scopes)

        def within(scope: Scope) -> bool:
            return f"{scope.key}/".startswith(starts)

        return replace(
            self,
            assignments=tuple(item for item in self.assignments if within(item.scope)),
            schedules=tuple(item for item in self.schedules if within(item.scope)),
        )

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is not known of the access that exists, in words."""
        return tuple(
            f"you may not read {scope.name}: of what it holds only what your subscription inherits is known"
            for scope in self.unread
        )

    def principals(self) -> frozenset[str]:
        """Return the object ids of everybody who holds something, in lower case."""
        held = {item.principal for item in self.assignments} | {item.principal for item in self.schedules}
        return frozenset(one.lower() for one in held)


def observe_access(
    settings: Settings,
    environment: str,
    observer: Observer,
    access: DesiredAccess,
    *,
    denials: bool = False,
    partly: bool = False,
) -> ObservedAccess:
    """Return the access that exists, each assignment once; activation rules only of what is wanted.

    Without Privileged Identity Management (access.pim: none) that is not asked. ``denials`` asks for deny
    assignments, too. With ``partly``, a management group that the caller may not read is no error: the
    result names it, and holds what the subscription inherits from it. Raises UsageError and CloudError.
    """
    subscription = environment_of(settings, environment).scope
    management_group = Scope.management_group(settings.organisation.management_group)
    asks_pim = settings.access.pim is not Pim.NONE
    try:
        above = observer.role_assignments(management_group)
        roles = observer.custom_roles(management_group)
        held = observer.schedules(management_group) if asks_pim else ()
        unread: tuple[Scope, ...] = ()
    except CloudError as error:
        if not partly or error.status != _FORBIDDEN:
            raise
        inherited = observer.role_assignments(subscription, inherited=True)
        above = tuple(item for item in inherited if item.scope == management_group)
        roles = tuple(role for role in observer.custom_roles(subscription) if role.scope == management_group)
        given = observer.schedules(subscription, inherited=True) if asks_pim else ()
        held = tuple(item for item in given if item.scope == management_group)
        unread = (management_group,)
    found = (*observer.role_assignments(subscription), *above)
    schedules = (*observer.schedules(subscription), *held) if asks_pim else ()
    ending = {item.key for item in schedules if item.mode is Mode.TIME_BOUND}
    return ObservedAccess(
        assignments=tuple({item.id: item for item in found if item.key not in ending}.values()),
        roles=roles,
        schedules=tuple({item.id: item for item in schedules}.values()),
        rules=_rules(settings, observer, subscription, [p for p in access.policies if p.scope not in unread]),
        denials=observer.deny_assignments(subscription) if denials else (),
        unread=unread,
    )


def _rules(
    settings: Settings, observer: Observer, subscription: Scope, policies: Sequence[RolePolicy]
) -> dict[tuple[str, str], ActivationRules | None]:
    """Return what activating roles takes, asked for at the same time; None in a group that is not there."""
    groups = {name.lower() for name in observer.resource_groups(subscription)} if policies else set()

    def rules(policy: RolePolicy) -> ActivationRules | None:
        group = policy.scope.resource_group.lower()
        return (
            None
            if group and group not in groups
            else observer.activation_rules(policy.scope, policy.role.guid)
        )

    with ThreadPoolExecutor(max_workers=settings.pace.concurrency) as pool:
        return dict(zip((policy.key for policy in policies), pool.map(rules, policies), strict=True))


def actual_access(settings: Settings, there: ObservedAccess) -> Actual:
    """Return what the groups of the functions hold, for the questions about access."""
    own = {
        role.role.guid.lower(): RoleDefinition(
            role.role.guid,
            role.role.name,
            (Permission(role.actions, role.not_actions, role.data_actions, role.not_data_actions),),
        )
        for role in there.roles
    }
    known = role_lookup(settings.organisation.management_group)

    def lookup(guid: str) -> RoleDefinition | None:
        return own.get(guid.lower()) or known(guid)

    held: tuple[tuple[ObservedAssignment | ObservedSchedule, Mode, str], ...] = (
        *((item, Mode.STANDING, item.description) for item in there.assignments),
        *((item, item.mode, item.justification) for item in there.schedules if not item.activated),
    )
    return Actual(
        assignments=tuple(
            Assignment(
                scope=item.scope,
                principal=item.principal,
                principal_type=PrincipalType.GROUP,
                role=RoleRef(item.role, role.name if (role := lookup(item.role)) else item.role),
                mode=mode,
                condition=item.condition,
                function=function,
                principal_name=group.name,
                reason=text.removeprefix(f"{OWNERSHIP_MARK} ") or "made by somebody else, without a reason",
            )
            for item, mode, text in held
            for function, group in _filling(settings, item.principal)
        ),
        lookup=lookup,
        denials=there.denials,
    )


def _filling(settings: Settings, principal: str) -> Iterator[tuple[str, Group]]:
    """Yield every function that a group fills in the workspace or in one of its projects, once."""
    seen = set()
    for function, group in settings.filled():
        if group.id.lower() == principal.lower() and function not in seen:
            seen.add(function)
            yield function, group
