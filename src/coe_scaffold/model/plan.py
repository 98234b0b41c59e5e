"""The plan: data that can be printed, reviewed, passed between jobs and applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coe_scaffold.model.finding import Finding
from coe_scaffold.model.json import Json
from coe_scaffold.model.resources import ResourceChange
from coe_scaffold.model.scope import Scope

PLAN_FORMAT = "coe-scaffold/plan/v1"


class StepKind(StrEnum):
    """What a step writes."""

    DEPLOYMENT = "deployment"
    ROLE_DEFINITION = "roleDefinition"
    ROLE_ASSIGNMENT = "roleAssignment"
    ROLE_POLICY = "rolePolicy"
    """What activating an eligible role takes."""
    ROLE_ELIGIBILITY = "roleEligibility"
    ROLE_SCHEDULE = "roleSchedule"
    """An active assignment that ends."""
    RESOURCE_GROUP = "resourceGroup"
    RESOURCE = "resource"
    """One resource or lock, deleted by its id."""
    SOFT_DELETED = "softDeleted"
    """A deleted resource that still holds its name: it is recovered (CREATE) or purged (DELETE)."""


ACCESS_KINDS = (
    StepKind.ROLE_DEFINITION,
    StepKind.ROLE_ASSIGNMENT,
    StepKind.ROLE_POLICY,
    StepKind.ROLE_ELIGIBILITY,
    StepKind.ROLE_SCHEDULE,
)
"""The kinds of step that give or take access."""

HELD_KINDS = (StepKind.ROLE_ASSIGNMENT, StepKind.ROLE_ELIGIBILITY, StepKind.ROLE_SCHEDULE)
"""The kinds of step by which somebody holds a role."""


class Action(StrEnum):
    """What a step does. ADOPT and NO_CHANGE write nothing; FOREIGN is reported and never touched."""

    CREATE = "create"
    MODIFY = "modify"
    DELETE = "delete"
    ADOPT = "adopt"
    NO_CHANGE = "no-change"
    FOREIGN = "foreign"

    @property
    def symbol(self) -> str:
        """One character for people."""
        return {"create": "+", "modify": "~", "delete": "-", "adopt": "=", "no-change": " ", "foreign": "?"}[
            self.value
        ]

    @property
    def writes(self) -> bool:
        """Whether executing the step changes anything."""
        return self in (Action.CREATE, Action.MODIFY, Action.DELETE)


@dataclass(frozen=True)
class Step:
    """One step of a plan.

    ``after`` is everything execution needs (for a deployment its template and parameters), so that a
    plan file can be applied without the workspace. ``needs`` is the least permission the step takes,
    as an ARM action. ``depends_on`` are ids of steps that must succeed first. ``function`` is the CoE
    function an assignment belongs to.
    """

    id: str
    kind: StepKind
    action: Action
    scope: Scope
    title: str
    reason: str
    needs: str = ""
    before: Json = field(default=None, hash=False)
    after: Json = field(default=None, hash=False)
    depends_on: tuple[str, ...] = ()
    changes: tuple[ResourceChange, ...] = ()
    function: str = ""


@dataclass(frozen=True)
class Plan:
    """Steps in an order that respects their dependencies, with the findings on what they would make.

    ``inputs`` and ``observed`` are SHA-256 hex digests of what the plan was made from; apply refuses a
    plan when either has moved. ``notes`` tell what was left out and why.
    """

    environment: str
    cloud: str
    inputs: str
    observed: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    workspace: str = ""
    format: str = PLAN_FORMAT

    @property
    def writes(self) -> tuple[Step, ...]:
        """The steps that would change something."""
        return tuple(step for step in self.steps if step.action.writes)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that forbid applying."""
        return tuple(finding for finding in self.findings if finding.blocks)

    def counts(self) -> Mapping[str, int]:
        """Return how many steps there are of each action, in the order of :class:`Action`."""
        return {action.value: sum(step.action is action for step in self.steps) for action in Action}
