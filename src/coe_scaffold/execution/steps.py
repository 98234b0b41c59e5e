"""What one step of a plan writes: the only place that calls the writing ports."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import assert_never

from coe_scaffold.errors import ConfigError, Problem
from coe_scaffold.model.access_json import (
    assignment_from_json,
    observed_from_json,
    role_from_json,
)
from coe_scaffold.model.deployment_json import deployment_from_json
from coe_scaffold.model.estate import recovery_from_json, soft_deleted_from_json
from coe_scaffold.model.json import Json
from coe_scaffold.model.plan import Action, Step, StepKind
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.model.schedules_json import policy_from_json, schedule_from_json, scheduled_from_json
from coe_scaffold.model.scope import Scope
from coe_scaffold.ports import AccessWriter, Deployer, Operation


@dataclass(frozen=True)
class Ports:
    """What execution writes with."""

    deployer: Deployer
    access: AccessWriter


@dataclass
class Result:
    """What a step has made so far; filled while it runs, so that a failed step tells it too."""

    created: list[str] = field(default_factory=list)
    data: Json = None


def verify(step: Step) -> None:
    """Return when a writing step carries what :func:`perform` needs.

    Raises ConfigError for a payload that is not the step's kind, UsageError for masked secrets.
    """
    try:
        match step.kind:
            case StepKind.DEPLOYMENT:
                deployment_from_json(step.after)
            case StepKind.ROLE_DEFINITION:
                role_from_json(step.before if step.action is Action.DELETE else step.after)
            case StepKind.ROLE_ASSIGNMENT:
                if step.action is not Action.CREATE:
                    observed_from_json(step.before)
                if step.action is not Action.DELETE:
                    assignment_from_json(step.after)
            case StepKind.ROLE_POLICY:
                policy_from_json(step.after)
            case StepKind.ROLE_ELIGIBILITY | StepKind.ROLE_SCHEDULE if step.action is Action.DELETE:
                schedule_from_json(step.before)
            case StepKind.ROLE_ELIGIBILITY | StepKind.ROLE_SCHEDULE:
                scheduled_from_json(step.after)
            case StepKind.SOFT_DELETED if step.action is Action.DELETE:
                soft_deleted_from_json(step.before)
            case StepKind.SOFT_DELETED:
                recovery_from_json(step.after)
            case StepKind.RESOURCE_GROUP | StepKind.RESOURCE:
                if step.action is not Action.DELETE:
                    raise ValueError("resources and their groups are made by deployments")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"step {step.id} does not carry what a {step.kind} needs ({error})"
        raise ConfigError([Problem("plan", 0, 0, message, "Write the plan again.", "COE-PLN-003")]) from error


def perform(step: Step, ports: Ports, progress: Callable[[Operation], None], result: Result) -> None:
    """Execute one writing step that :func:`verify` has passed. Raises CloudError."""
    match step.kind:
        case StepKind.DEPLOYMENT:
            _deploy(step, ports, progress, result)
        case StepKind.ROLE_DEFINITION if step.action is Action.DELETE:
            ports.access.remove_role(role_from_json(step.before))
        case StepKind.ROLE_DEFINITION:
            role = role_from_json(step.after)
            ports.access.define_role(role)
            if step.action is Action.CREATE:
                result.created.append(role.scope.child(_ROLE_DEFINITION, role.role.guid).path)
        case StepKind.ROLE_ASSIGNMENT if step.action is Action.DELETE:
            ports.access.remove(Scope(step.before["id"]))
        case StepKind.ROLE_ASSIGNMENT:
            _assign(step, ports, result)
        case StepKind.ROLE_POLICY:
            ports.access.set_activation_rules(policy_from_json(step.after))
        case StepKind.ROLE_ELIGIBILITY | StepKind.ROLE_SCHEDULE if step.action is Action.DELETE:
            ports.access.unschedule(schedule_from_json(step.before))
        case StepKind.ROLE_ELIGIBILITY | StepKind.ROLE_SCHEDULE:
            made = ports.access.schedule(scheduled_from_json(step.after))
            if step.action is Action.CREATE and made.ours:
                result.created.append(made.id.path)
        case StepKind.RESOURCE_GROUP:
            ports.deployer.delete_resource_group(step.scope)
        case StepKind.RESOURCE:
            ports.deployer.delete_resource(step.scope)
        case StepKind.SOFT_DELETED if step.action is not Action.DELETE:
            result.created.extend(ports.deployer.recover(recovery_from_json(step.after)))
        case StepKind.SOFT_DELETED:
            ports.deployer.purge(soft_deleted_from_json(step.before))
        case _:
            assert_never(step.kind)


_ROLE_DEFINITION = "Microsoft.Authorization/roleDefinitions"


def _deploy(step: Step, ports: Ports, progress: Callable[[Operation], None], result: Result) -> None:
    planned = {change.resource for change in step.changes if change.change is ChangeType.CREATE}

    def forward(operation: Operation) -> None:
        if operation.state.lower() == "succeeded":
            _note_created([operation.resource], planned, result)
        progress(operation)

    resources = ports.deployer.deploy(deployment_from_json(step.after), forward)
    _note_created(resources, planned, result)
    result.data = {"resources": list(resources)}


def _note_created(resources: Collection[str], planned: set[Scope], result: Result) -> None:
    """Keep the ids that the plan said would be new: only these did the step bring into being."""
    have = {Scope(path) for path in result.created}
    result.created.extend(
        path for path in resources if path.startswith("/") and Scope(path) in planned - have
    )


def _assign(step: Step, ports: Ports, result: Result) -> None:
    """Create an assignment, or change it: one under another name than ours is removed first."""
    assignment = assignment_from_json(step.after)
    if step.action is Action.MODIFY:
        there = observed_from_json(step.before)
        if there.id.name.lower() != assignment.name.lower():
            ports.access.remove(there.id)
    made = ports.access.assign(assignment)
    if made.id.name.lower() == assignment.name.lower() and step.action is Action.CREATE:
        result.created.append(made.id.path)
