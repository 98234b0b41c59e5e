"""Add to a plan what Azure Policy would do with it: what is denied as findings, the rest as notes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from coe_scaffold.errors import CloudError, ConfigError
from coe_scaffold.model.access_json import assignment_from_json
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.judgement import NotJudged
from coe_scaffold.model.plan import Action, Plan, StepKind
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.settings import Settings
from coe_scaffold.operations.check import located, policy_findings
from coe_scaffold.operations.plan import Planned
from coe_scaffold.operations.predict import GOVERNANCE, environment_of
from coe_scaffold.ports import Clock, Inspector

NOTE = "Azure Policy: "
"""How every note about policies begins."""

RULE = "policy/"
"""How the rule of every finding of a policy begins."""

_NAMED = 3
"""How many policies a note names."""


def with_policies(settings: Settings, planned: Planned, inspector: Inspector, clock: Clock) -> Planned:
    """Return a plan with what the policies that are assigned would do with what it writes.

    A deny is a finding that blocks; audit, modify and the effects that look beside a resource are notes, and
    so is what could not be judged. That policies cannot be read is a note, too: nothing is raised for it.
    """
    plan = planned.plan
    if plan.environment == GOVERNANCE or not plan.writes:
        return planned
    home = environment_of(settings, plan.environment).scope
    try:
        documents = inspector.policies(home)
    except CloudError as error:
        return _noted(planned, (f"{NOTE}not judged, because it cannot be read: {error.summary}",))
    if not documents:
        return planned
    from coe_scaffold.checks.policy import read_documents

    try:
        export = read_documents(list(documents), "Azure Policy")
    except ConfigError as error:
        return _noted(planned, (f"{NOTE}not judged: {'; '.join(one.message for one in error.problems)}",))
    graph, locations = located(settings, planned.targets)
    written = ResourceGraph((*_written(plan, graph), *_assignments(plan)))
    found, missed = policy_findings(export, written, settings.organisation.tenant, clock, locations)
    open_ = [one for one in found if one.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    denied = [one for one in open_ if one.severity is Severity.HIGH]
    others = [one for one in open_ if one.severity is not Severity.HIGH]
    judged = len({(one.rule, one.title) for one in found})
    total = f"{NOTE}{judged} assigned policies were judged on {len(written.resources)} resources, "
    total += f"{sum(one.blocks for one in denied)} of them denied"
    noted = _noted(planned, (total, *_acting(others), *_not_judged(missed)))
    return replace(noted, plan=replace(noted.plan, findings=(*denied, *noted.plan.findings)))


def _noted(planned: Planned, notes: Iterable[str]) -> Planned:
    plan = planned.plan
    return replace(planned, plan=replace(plan, notes=tuple(sorted({*plan.notes, *notes}))))


def _written(plan: Plan, graph: ResourceGraph) -> Iterator[Resource]:
    """Yield what the plan's deployments send: also what does not change is sent, and judged, again."""
    sent = {change.resource for step in plan.writes for change in step.changes}
    yield from (resource for resource in graph.resources if resource.id in sent)


def _assignments(plan: Plan) -> Iterator[Resource]:
    for step in plan.writes:
        if step.kind is StepKind.ROLE_ASSIGNMENT and step.action is not Action.DELETE:
            given = assignment_from_json(step.after)
            home = f"/subscriptions/{given.scope.subscription}" if given.scope.subscription else ""
            role = f"{home}/providers/Microsoft.Authorization/roleDefinitions/{given.role.guid}"
            properties = {
                "roleDefinitionId": role,
                "principalId": given.principal,
                "principalType": given.principal_type.value,
            }
            kind = "Microsoft.Authorization/roleAssignments"
            yield Resource(kind, given.name, "2022-04-01", given.scope, {"properties": properties})


def _acting(findings: Iterable[Finding]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for one in findings:
        groups[one.title.partition(": ")[0], one.message.partition(". ")[0]].append(one)
    for (title, message), same in sorted(groups.items()):
        count = len({one.subject for one in same})
        subjects = f"{count} resource{'s' if count != 1 else ''}"
        policies = sorted({one.title.partition(": ")[2] or one.title for one in same})
        first = same[0].subject.rpartition("/")[2]
        what = message.removeprefix("Azure Policy ").rstrip(".")
        yield f"{NOTE}'{title}' {what} ({subjects}, such as {first}): {_some(policies)}"


def _not_judged(missed: Iterable[NotJudged]) -> Iterator[str]:
    reasons: dict[str, set[str]] = defaultdict(set)
    for one in missed:
        reasons[one.reason].add(one.policy)
    for reason, policies in sorted(reasons.items()):
        yield f"{NOTE}not judged, because {reason}: {_some(sorted(policies))}"


def _some(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
