"""A cloud in memory: reads, deploys, assigns. Its templates are flat lists of ids with bodies."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from coe_scaffold.errors import CloudError
from coe_scaffold.model.access import (
    Assignment,
    CustomRole,
    DenyAssignment,
    Mode,
    ObservedAssignment,
    ObservedRole,
)
from coe_scaffold.model.estate import Lock, Recovery, SoftDeleted
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange, ResourceChange
from coe_scaffold.model.schedules import (
    SCHEDULE_TYPES,
    ActivationRules,
    ObservedSchedule,
    RolePolicy,
    ScheduledRole,
    request_guid,
)
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.stacks import ObservedStack
from coe_scaffold.ports import Operation, Reading

DEFAULT_RULES = ActivationRules("PT8H", ("Justification", "MultiFactorAuthentication"))
ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def template(*resources: Mapping[str, Any], **parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"parameters": parameters, "resources": list(resources)}


class FakeCloud:
    """Implements Observer, Deployer and AccessWriter; ``declare_*`` sets what exists, ``fail`` what breaks.

    ``peak`` is the largest number of writes that ran at the same time; ``calls`` are the writes in the
    order in which they began; ``during`` is called inside every write with its name.
    """

    def __init__(self) -> None:
        self.bodies: dict[Scope, dict[str, Any]] = {}
        self.assignments: dict[Scope, ObservedAssignment] = {}
        self.denials: list[DenyAssignment] = []
        self.roles: dict[str, CustomRole] = {}
        self.held: dict[tuple[Mode, tuple[str, str, str]], ObservedSchedule] = {}
        self.policies: dict[tuple[str, str], ActivationRules] = {}
        self.built_in: tuple[ObservedRole, ...] = ()
        self.settled: list[str] = []
        self.locks: list[Lock] = []
        self.offers: frozenset[str] = frozenset()
        self.held_stacks: dict[Scope, ObservedStack] = {}
        self.deleted: list[SoftDeleted] = []
        self.failures: dict[str, Exception] = {}
        self.calls: list[str] = []
        self.during: Callable[[str], None] = lambda name: None
        self.peak = 0
        self._now = 0
        self._lock = threading.RLock()

    def declare_resource(self, scope: Scope, **body: Any) -> None:
        self.bodies[scope] = body

    def declare_group(self, scope: Scope, **tags: str) -> None:
        self.bodies[scope] = {"tags": {key.replace("_", "-"): value for key, value in tags.items()}}

    def declare_assignment(self, assignment: Assignment, *, name: str = "", description: str = "") -> Scope:
        assignment_id = assignment.scope.child(ASSIGNMENTS, name or assignment.name)
        self.assignments[assignment_id] = ObservedAssignment(
            id=assignment_id,
            scope=assignment.scope,
            principal=assignment.principal,
            principal_type=assignment.principal_type.value,
            role=assignment.role.guid,
            condition=assignment.condition,
            description=description or assignment.description,
        )
        return assignment_id

    def fail(self, name: str, error: Exception | None = None) -> None:
        """Let the write called ``name`` (deployment name, assignment name, role GUID, group name) fail."""
        self.failures[name] = error or CloudError(
            "the quota is used up", fix="Ask for more.", code="QuotaExceeded", correlation_id="c-1"
        )

    def what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        return tuple(
            self._change(Scope(resource["id"]), self._body(resource))
            for resource in deployment.template["resources"]
        )

    def deny_assignments(self, scope: Scope) -> tuple[DenyAssignment, ...]:
        return tuple(one for one in self.denials if scope.contains(one.scope) or one.scope.contains(scope))

    def stack_what_if(self, deployment: Deployment) -> tuple[ResourceChange, ...]:
        named = {Scope(resource["id"]) for resource in deployment.template["resources"]}
        there = self.held_stacks.get(deployment.stack_id)
        gone = [one for one in there.managed if one not in named] if there else []
        return (*self.what_if(deployment), *(ResourceChange(one, ChangeType.DETACH) for one in gone))

    def offered(self, scope: Scope) -> frozenset[str]:
        return self.offers

    def stack(self, stack: Scope) -> ObservedStack | None:
        return self.held_stacks.get(stack)

    def stacks(self, scope: Scope) -> tuple[ObservedStack, ...]:
        return tuple(stack for stack in self.held_stacks.values() if scope.contains(stack.id))

    def read(self, wanted: Mapping[Scope, str]) -> Mapping[Scope, Reading]:
        return {scope: Reading(self.bodies[scope]) for scope in wanted if scope in self.bodies}

    def role_assignments(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedAssignment, ...]:
        if inherited:
            return tuple(one for one in self.assignments.values() if not one.scope.subscription)
        return tuple(one for one in self.assignments.values() if scope.contains(one.scope))

    def custom_roles(self, scope: Scope) -> tuple[CustomRole, ...]:
        return tuple(
            role for role in self.roles.values() if scope.contains(role.scope) or not role.scope.subscription
        )

    def built_in_roles(self) -> tuple[ObservedRole, ...]:
        return self.built_in

    def schedules(self, scope: Scope, *, inherited: bool = False) -> tuple[ObservedSchedule, ...]:
        if inherited:
            return tuple(one for one in self.held.values() if not one.scope.subscription)
        return tuple(one for one in self.held.values() if scope.contains(one.scope))

    def activation_rules(self, scope: Scope, role: str) -> ActivationRules | None:
        if scope.kind is ScopeKind.RESOURCE and scope not in self.bodies:
            return None
        return self.policies.get((scope.key, role.lower()), DEFAULT_RULES)

    def schedule(self, wanted: ScheduledRole) -> ObservedSchedule:
        assignment = wanted.assignment
        with self._write(assignment.name), self._lock:
            made = ObservedSchedule(
                id=assignment.scope.child(SCHEDULE_TYPES[assignment.mode], wanted.target or assignment.name),
                scope=assignment.scope,
                principal=assignment.principal,
                principal_type=assignment.principal_type.value,
                role=assignment.role.guid,
                mode=assignment.mode,
                condition=assignment.condition,
                starts="2026-11-24T03:00:00Z",
                ends=f"{date(2026, 11, 24) + timedelta(days=wanted.days)}T03:00:00Z",
                request=request_guid(assignment.key, "2026-11-24T03:00:00Z"),
            )
            self.held[made.mode, made.key] = made
            return made

    def unschedule(self, schedule: ObservedSchedule) -> None:
        with self._write(schedule.id.name):
            self.held.pop((schedule.mode, schedule.key), None)

    def set_activation_rules(self, policy: RolePolicy) -> None:
        with self._write(policy.role.guid):
            self.policies[policy.key] = policy.rules

    def resource_groups(self, subscription: Scope) -> Mapping[str, Mapping[str, str]]:
        return {
            scope.name: body.get("tags", {})
            for scope, body in self.bodies.items()
            if scope.kind is ScopeKind.RESOURCE_GROUP and subscription.contains(scope)
        }

    def resources(self, scope: Scope) -> tuple[Scope, ...]:
        return tuple(
            one
            for one in self.bodies
            if one.kind is ScopeKind.RESOURCE and one.resource_group and scope.contains(one)
        )

    def deploy(self, deployment: Deployment, progress: Callable[[Operation], None]) -> tuple[str, ...]:
        with self._write(deployment.name):
            made = []
            for resource in deployment.template["resources"]:
                progress(Operation(resource["id"], "Running"))
                if resource["id"] in self.failures:
                    progress(Operation(resource["id"], "Failed", "Conflict"))
                    raise self.failures[resource["id"]]
                with self._lock:
                    self.bodies[Scope(resource["id"])] = self._body(resource)
                progress(Operation(resource["id"], "Succeeded"))
                made.append(resource["id"])
            if deployment.stack is None:
                return tuple(made)
            self.held_stacks[deployment.stack_id] = ObservedStack(
                deployment.stack_id,
                "succeeded",
                deployment.stack.action_on_unmanage(),
                deployment.stack.deny_settings(),
                tuple(map(Scope, made)),
                deployment.stack.tags,
            )
            return (*made, deployment.stack_id.path)

    def settle(self, deployment: Deployment) -> None:
        self.settled.append(deployment.name)

    def delete_resource_group(self, group: Scope) -> None:
        with self._write(group.name), self._lock:
            self.bodies = {scope: body for scope, body in self.bodies.items() if not group.contains(scope)}
            self.assignments = {
                one: assignment
                for one, assignment in self.assignments.items()
                if not group.contains(assignment.scope)
            }

    def delete_resource(self, resource: Scope) -> None:
        with self._write(resource.name), self._lock:
            self.bodies = {scope: body for scope, body in self.bodies.items() if not resource.contains(scope)}
            self.locks = [lock for lock in self.locks if lock.id != resource]
            self.held_stacks.pop(resource, None)

    def recover(self, recovery: Recovery) -> tuple[str, ...]:
        was = recovery.deleted.was
        with self._write(was.name):
            self.deleted = [one for one in self.deleted if one != recovery.deleted]
            self.bodies[was] = {key: value for key, value in recovery.body.items() if key != "properties"}
            return (was.path,)

    def purge(self, deleted: SoftDeleted) -> None:
        with self._write(deleted.was.name):
            self.deleted = [one for one in self.deleted if one != deleted]

    def register_provider(self, subscription: Scope, namespace: str) -> None:
        with self._write(namespace):
            self.calls.append(f"register {namespace}")

    def define_role(self, role: CustomRole) -> None:
        with self._write(role.role.guid):
            self.roles[role.role.guid] = role

    def assign(self, assignment: Assignment) -> ObservedAssignment:
        with self._write(assignment.name), self._lock:
            for one in self.assignments.values():
                if one.key == assignment.key and one.id.name != assignment.name:
                    return one
            return self.assignments[self.declare_assignment(assignment)]

    def remove(self, assignment: Scope) -> None:
        with self._write(assignment.name):
            self.assignments.pop(assignment, None)

    def remove_role(self, role: CustomRole) -> None:
        with self._write(role.role.guid):
            if any(one.role == role.role.guid for one in self.assignments.values()):
                raise CloudError("the role is still assigned", code="RoleDefinitionHasAssignments")
            self.roles.pop(role.role.guid, None)

    def _change(self, scope: Scope, body: dict[str, Any]) -> ResourceChange:
        if scope not in self.bodies:
            return ResourceChange(scope, ChangeType.CREATE)
        there = self.bodies[scope]
        delta = tuple(
            PropertyChange(key, there.get(key), value)
            for key, value in sorted(body.items())
            if there.get(key) != value
        )
        return ResourceChange(scope, ChangeType.MODIFY if delta else ChangeType.NO_CHANGE, delta)

    @staticmethod
    def _body(resource: Mapping[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in resource.items() if key != "id"}

    @contextmanager
    def _write(self, name: str) -> Iterator[None]:
        with self._lock:
            self.calls.append(name)
            self._now += 1
            self.peak = max(self.peak, self._now)
        try:
            self.during(name)
            if name in self.failures:
                raise self.failures[name]
            yield
        finally:
            with self._lock:
                self._now -= 1
