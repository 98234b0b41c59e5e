"""Judge a resource graph by the guardrails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from coe_scaffold.checks import judge
from coe_scaffold.checks.context import CheckContext
from coe_scaffold.checks.exceptions import applied, grants
from coe_scaffold.checks.operators import Subject, Verdict
from coe_scaffold.checks.paths import escaped, parts, resolve
from coe_scaffold.checks.relations import Relations, members
from coe_scaffold.checks.rule import Demand, Rule, Where
from coe_scaffold.checks.rules import all_rules
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown, Value, shown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope

TEMPLATE = "template"
"""Resource type of rules that judge the compiled template itself."""

_KINDS = frozenset({"rag", "agent", "ml", "finetune", "docproc", "app", "gateway"})
_COMPONENTS = frozenset({"ml", "app", "gateway"})
"""Kinds whose rows are about resources of their own: whoever has such a resource is meant."""

_ORDER = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.EXCEPTED, Outcome.PASS)


def run(
    graph: ResourceGraph, context: CheckContext, rules: tuple[Rule, ...] | None = None
) -> tuple[Finding, ...]:
    """Return one finding for every rule and place it was judged at, passes included.

    Failures come first, the most severe first. A rule that applies to no resource gives no finding.
    """
    chosen = all_rules() if rules is None else rules
    estate = context.estate or Relations(graph)
    found = [
        finding
        for rule in chosen
        if rule.where is Where.TEMPLATE and applicable(rule, context)
        for finding in _findings(rule, graph, estate, context)
    ]
    by_id = {rule.id: rule for rule in chosen}
    return tuple(sorted(applied(found, grants(context, by_id), by_id, context), key=_key))


def open_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are not passes: what people read and a plan carries."""
    return tuple(finding for finding in findings if finding.outcome is not Outcome.PASS)


def applicable(rule: Rule, context: CheckContext) -> bool:
    """Return whether a rule is meant for this environment.

    Rows for kinds of projects apply to these kinds, and to everything when no kind is known; rows about
    components (Machine Learning, applications, a gateway) to every project that has them.
    """
    if context.profiles & set(rule.profiles) or set(rule.profiles) <= _COMPONENTS:
        return True
    return bool(_KINDS & set(rule.profiles)) and not _KINDS & context.labels


@dataclass(frozen=True)
class _Place:
    resource: Resource
    body: Value
    prefix: str = ""


def _findings(
    rule: Rule, graph: ResourceGraph, estate: Relations, context: CheckContext
) -> Iterator[Finding]:
    demand = rule.demand
    if demand is None:
        return
    for place in _places(rule, graph, context):
        subject = Subject(place.resource, estate, context, place.body)
        condition = judge.applies(rule.when, place.body, subject)
        if condition is Outcome.FAIL or place.resource.existing:
            continue
        certain = condition is Outcome.PASS and not isinstance(place.resource.body.get("condition"), Unknown)
        yield from _of_place(rule, demand, subject, place, certain=certain)


def _of_place(
    rule: Rule, demand: Demand, subject: Subject, place: _Place, *, certain: bool
) -> Iterator[Finding]:
    verdicts = list(judge.judge(demand, subject))
    bad = [verdict for verdict in verdicts if verdict.outcome is not Outcome.PASS]
    for verdict in bad or verdicts[:1]:
        sure = verdict if certain or verdict.outcome is Outcome.PASS else _unsure(verdict)
        yield _finding(rule, sure, place, subject.context)


def _places(rule: Rule, graph: ResourceGraph, context: CheckContext) -> Iterator[_Place]:
    if rule.resource_type == TEMPLATE:
        if context.template is not None:
            yield _Place(Resource(TEMPLATE, "template", "", Scope.tenant(), {}), context.template)
        return
    resources = graph.resources if rule.resource_type == "*" else graph.of_type(rule.resource_type)
    for resource in resources:
        yield _Place(resource, members(resource))
    if rule.inline is not None:
        for resource in graph.of_type(rule.inline.resource_type):
            for hit in resolve(members(resource), rule.inline.path):
                if isinstance(hit.value, Mapping | Unknown):
                    yield _Place(resource, hit.value, hit.path)


def _finding(rule: Rule, verdict: Verdict, place: _Place, context: CheckContext) -> Finding:
    path = ".".join(part for part in (place.prefix, verdict.path) if part)
    whole = rule.resource_type == TEMPLATE
    inside = () if verdict.outcome is Outcome.PASS else parts(path)
    pointer = (
        verdict.path if whole else "/".join([place.resource.source, *(escaped(name) for name in inside)])
    )
    return Finding(
        rule=rule.id,
        title=rule.title,
        severity=rule.severity,
        outcome=verdict.outcome,
        subject=TEMPLATE if whole else place.resource.id.path,
        message=_message(path, verdict),
        owner=rule.owner,
        fix=rule.fix,
        path=path,
        actual=verdict.actual,
        expected=verdict.expected,
        location=located(pointer, context.locations) or (context.file if whole else ""),
    )


def _message(path: str, verdict: Verdict) -> str:
    what = path or "It"
    match verdict.outcome:
        case Outcome.UNKNOWN:
            return f"{what} cannot be judged before apply."
        case Outcome.PASS:
            return f"{what} is as demanded."
        case _:
            return f"{what} is {shown(verdict.actual)}, expected {shown(verdict.expected)}."


def located(pointer: str, locations: Mapping[str, str]) -> str:
    """Return where the nearest declaration at or above a JSON pointer is."""
    while pointer:
        if pointer in locations:
            return locations[pointer]
        pointer = pointer.rpartition("/")[0]
    return ""


def _unsure(verdict: Verdict) -> Verdict:
    return replace(verdict, outcome=Outcome.UNKNOWN)


def _key(finding: Finding) -> tuple[int, int, str, str, str]:
    return (
        _ORDER.index(finding.outcome),
        -finding.severity.rank,
        finding.rule,
        finding.subject,
        finding.path,
    )
