"""What exists of an environment's access: read in one way by the plan and by the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coe_scaffold.access import DesiredAccess
from coe_scaffold.model.access import CustomRole, Mode, ObservedAssignment
from coe_scaffold.model.schedules import ActivationRules, ObservedSchedule
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Pim, Settings
from coe_scaffold.operations.predict import environment_of
from coe_scaffold.ports import Observer


@dataclass(frozen=True)
class ObservedAccess:
    """Access to a subscription and to the management group above it.

    ``assignments`` are those that nothing ends: an active schedule's own, or an activated one's, is left
    out. ``schedules`` are eligible and time-bound roles; ``rules`` what activating roles takes.
    """

    assignments: tuple[ObservedAssignment, ...]
    roles: tuple[CustomRole, ...]
    schedules: tuple[ObservedSchedule, ...] = ()
    rules: Mapping[tuple[str, str], ActivationRules | None] = field(default_factory=dict, hash=False)

    def principals(self) -> frozenset[str]:
        """Return the object ids of everybody who holds something, in lower case."""
        held = {item.principal for item in self.assignments} | {item.principal for item in self.schedules}
        return frozenset(one.lower() for one in held)


def observe_access(
    settings: Settings, environment: str, observer: Observer, access: DesiredAccess
) -> ObservedAccess:
    """Return the access that exists, each assignment once; activation rules only of what is wanted.

    Without Privileged Identity Management (access.pim: none) that is not asked. Raises UsageError and
    CloudError.
    """
    subscription = environment_of(settings, environment).scope
    management_group = Scope.management_group(settings.organisation.management_group)
    found = (*observer.role_assignments(subscription), *observer.role_assignments(management_group))
    schedules: tuple[ObservedSchedule, ...] = ()
    if settings.access.pim is not Pim.NONE:
        schedules = (*observer.schedules(subscription), *observer.schedules(management_group))
    ending = {item.key for item in schedules if item.mode is Mode.TIME_BOUND}
    return ObservedAccess(
        assignments=tuple({item.id: item for item in found if item.key not in ending}.values()),
        roles=observer.custom_roles(management_group),
        schedules=tuple({item.id: item for item in schedules}.values()),
        rules={
            policy.key: observer.activation_rules(policy.scope, policy.role.guid)
            for policy in access.policies
        },
    )
