"""From report data to the rows the page shows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coe_scaffold.model.access import Assignment
from coe_scaffold.model.finding import Finding, Outcome, Severity
from coe_scaffold.model.json import Unknown, shown
from coe_scaffold.model.report import EnvironmentReport, Evidence, ReportData
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.report.findings import place

_STANDING = (Outcome.FAIL, Outcome.UNKNOWN)


@dataclass(frozen=True)
class Tile:
    """One number of the summary; ``tone`` is ``good``, ``bad`` or empty."""

    label: str
    number: int
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class EnvironmentRow:
    """One environment in numbers. ``plan`` is None when there is no plan; notes are the plan's."""

    name: str
    profile: str
    location: str
    subscription: str
    budget: str
    resources: int
    assignments: int
    failed: Mapping[str, int]
    unknown: int
    passed: int
    plan: Mapping[str, int] | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """A value that is not what a guardrail demands, or ``message`` where no single value is wrong."""

    path: str
    actual: str
    expected: str
    message: str = ""


@dataclass(frozen=True)
class Place:
    """Where a guardrail does not hold, and what differs there."""

    environment: str
    name: str
    where: str
    location: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Guardrail:
    """One guardrail that does not hold somewhere. ``state`` is its severity, or ``unknown``."""

    id: str
    title: str
    state: str
    severity: str
    owner: str
    fix: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class ExceptionRow:
    """One exception of coe.yaml, and what became of it."""

    guardrail: str
    scope: str
    reason: str
    approver: str
    expires: str
    status: str
    tone: str


@dataclass(frozen=True)
class Held:
    """A role that a function holds, how, and at which scopes."""

    role: str
    mode: str
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class MatrixRow:
    """One function and what it holds in each environment, in the order of the environments."""

    id: str
    title: str
    groups: tuple[str, ...]
    cells: tuple[tuple[Held, ...], ...]


@dataclass(frozen=True)
class Branch:
    """The resources deployed into one resource group, or directly at the subscription."""

    name: str
    scope: str
    resources: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Tree:
    """An environment's resources by scope."""

    environment: str
    count: int
    branches: tuple[Branch, ...]


def verdict(data: ReportData) -> tuple[str, str]:
    """Return (tone, sentence): whether something stops a deployment."""
    blocked = {
        report.environment.name: sum(finding.blocks for finding in report.findings)
        for report in data.environments
    }
    stopped = [f"{count} in {name}" for name, count in blocked.items() if count]
    if stopped:
        total = sum(blocked.values())
        return "bad", f"{total} blocking finding{'s' if total != 1 else ''}: {', '.join(stopped)}"
    if not any(report.findings for report in data.environments):
        return "", "No guardrail was judged"
    return "good", "No blocking finding"


def tiles(data: ReportData) -> tuple[Tile, ...]:
    """Return the numbers at the top of the page."""
    findings = [finding for report in data.environments for finding in report.findings]
    failed = [finding for finding in findings if finding.outcome is Outcome.FAIL]
    blocking = sum(finding.blocks for finding in failed)
    missing = [item for item in data.evidence if item.status == "missing"]
    return (
        Tile(
            "Environments", len(data.environments), ", ".join(r.environment.name for r in data.environments)
        ),
        Tile("Projects", len(data.settings.projects), ", ".join(p.name for p in data.settings.projects)),
        Tile("Resources", sum(len(report.graph.resources) for report in data.environments)),
        Tile("Role assignments", sum(len(report.assignments) for report in data.environments)),
        Tile("Failed checks", len(failed), f"{blocking} blocking", "bad" if blocking else "good"),
        Tile("Passed checks", sum(finding.outcome is Outcome.PASS for finding in findings)),
        Tile("Exceptions", len(data.settings.exceptions)),
        Tile("Evidence", len(data.evidence), f"{len(missing)} missing", "bad" if missing else ""),
    )


def environment_row(report: EnvironmentReport) -> EnvironmentRow:
    """Return one environment in numbers."""
    environment = report.environment
    failed = Counter(f.severity.value for f in report.findings if f.outcome is Outcome.FAIL)
    return EnvironmentRow(
        name=environment.name,
        profile=environment.profile,
        location=environment.location,
        subscription=environment.subscription,
        budget=f"{environment.budget.monthly:,} {environment.budget.currency}",
        resources=len(report.graph.resources),
        assignments=len(report.assignments),
        failed={s.value: failed[s.value] for s in Severity if failed[s.value]},
        unknown=sum(finding.outcome is Outcome.UNKNOWN for finding in report.findings),
        passed=sum(finding.outcome is Outcome.PASS for finding in report.findings),
        plan={k: n for k, n in report.plan.counts().items() if n} if report.plan else None,
        notes=report.plan.notes if report.plan else (),
    )


def guardrails(data: ReportData) -> tuple[Guardrail, ...]:
    """Return the guardrails that do not hold or are unknown, worst first, with every place."""
    groups: dict[tuple[str, str, Outcome], list[tuple[str, Finding]]] = defaultdict(list)
    for report in data.environments:
        for finding in report.findings:
            if finding.outcome in _STANDING:
                groups[finding.rule, finding.title, finding.outcome].append(
                    (report.environment.name, finding)
                )
    titles = {function.id: function.title for function in data.functions}
    ordered = sorted(
        groups.items(),
        key=lambda item: (_STANDING.index(item[0][2]), -item[1][0][1].severity.rank, item[0][0]),
    )
    return tuple(_guardrail(outcome, found, titles) for (_, _, outcome), found in ordered)


def exceptions(data: ReportData) -> tuple[ExceptionRow, ...]:
    """Return the exceptions of coe.yaml: used, not used, or not valid."""
    return tuple(
        ExceptionRow(
            given.guardrail, given.scope, given.reason, given.approver, given.expires, *_state(given, data)
        )
        for given in data.settings.exceptions
    )


def matrix(data: ReportData) -> tuple[MatrixRow, ...]:
    """Return what every function holds in every environment; other principals come last."""
    titles = {function.id: function.title for function in data.functions}
    others = {a.function for r in data.environments for a in r.assignments} - set(titles)
    rows = [*titles.items(), *((function, function or "Other principals") for function in sorted(others))]
    return tuple(
        MatrixRow(
            function,
            title,
            tuple(group.name or group.id for group in data.settings.groups(function)),
            tuple(
                _held([a for a in report.assignments if a.function == function])
                for report in data.environments
            ),
        )
        for function, title in rows
    )


def tree(report: EnvironmentReport) -> Tree:
    """Return an environment's resources by resource group, those at the subscription first."""
    branches: dict[str, list[Resource]] = defaultdict(list)
    for resource in report.graph.resources:
        branches[resource.id.resource_group].append(resource)
    return Tree(
        report.environment.name,
        len(report.graph.resources),
        tuple(_branch(name, branches[name], report) for name in sorted(branches)),
    )


def evidence(data: ReportData) -> Mapping[str, tuple[Evidence, ...]]:
    """Return the evidence items by project."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for item in data.evidence:
        found[item.project].append(item)
    return {project: tuple(items) for project, items in found.items()}


def _guardrail(outcome: Outcome, found: list[tuple[str, Finding]], titles: Mapping[str, str]) -> Guardrail:
    first = found[0][1]
    return Guardrail(
        id=first.rule,
        title=first.title,
        state="unknown" if outcome is Outcome.UNKNOWN else first.severity.value,
        severity=first.severity.value,
        owner=titles.get(first.owner, first.owner),
        fix=first.fix,
        places=_places(found),
    )


def _places(found: Iterable[tuple[str, Finding]]) -> tuple[Place, ...]:
    groups: dict[tuple[str, str, str], list[Difference]] = defaultdict(list)
    for environment, finding in found:
        actual = "known after apply" if finding.outcome is Outcome.UNKNOWN else shown(finding.actual)
        key = (environment, finding.subject, finding.location)
        valueless = not finding.path and finding.actual is None and finding.expected is None
        message = finding.message if valueless else ""
        groups[key].append(Difference(finding.path, actual, shown(finding.expected), message))
    return tuple(
        Place(environment, *place(subject), location, tuple(differences))
        for (environment, subject, location), differences in groups.items()
    )


def _state(given: object, data: ReportData) -> tuple[str, str]:
    guardrail, scope = getattr(given, "guardrail", ""), getattr(given, "scope", "")
    found = [f for r in data.environments for f in r.findings if f.rule == guardrail]
    problem = next((f for f in found if f.subject == scope and f.path == "exceptions"), None)
    if problem is not None:
        return problem.message, "bad"
    used = sum(finding.outcome is Outcome.EXCEPTED for finding in found)
    return (f"used by {used} finding{'s' if used != 1 else ''}", "") if used else ("not used", "")


def _held(assignments: Iterable[Assignment]) -> tuple[Held, ...]:
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for assignment in assignments:
        role = assignment.role.name or assignment.role.guid
        groups[role, assignment.mode.value].append(_scope(assignment.scope))
    return tuple(
        Held(role, mode, tuple(sorted(set(scopes)))) for (role, mode), scopes in sorted(groups.items())
    )


def _scope(scope: Scope) -> str:
    match scope.kind:
        case ScopeKind.SUBSCRIPTION:
            return "subscription"
        case ScopeKind.MANAGEMENT_GROUP:
            return f"management group {scope.name}"
        case ScopeKind.RESOURCE:
            return place(scope.path)[0]
        case _:
            return scope.name


def _branch(name: str, resources: Iterable[Resource], report: EnvironmentReport) -> Branch:
    subscription = report.environment.scope
    scope = subscription.group(name) if name else subscription
    rows = tuple(
        (place(resource.id.path)[0], resource.type, _location(resource))
        for resource in sorted(resources, key=lambda resource: (resource.type.lower(), resource.id))
    )
    return Branch(name or "Subscription", scope.path, rows)


def _location(resource: Resource) -> str:
    location = resource.body.get("location", "")
    return "known after apply" if isinstance(location, Unknown) else str(location or "")
