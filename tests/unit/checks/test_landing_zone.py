"""The shipped landing zone keeps every guardrail, and breaking one is noticed by exactly that one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from coe_scaffold.checks import CheckContext, Rule, Where, all_rules, context_for, run
from coe_scaffold.checks.run import TEMPLATE
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.mutations import mutations, secretive
from tests.fakes.staging import staged
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import (
    ENVIRONMENTS,
    TEMPLATES,
    TODAY,
    combination,
    compiled,
    everything,
    graph,
    sample,
)

RULES = {rule.id: rule for rule in all_rules()}
ESTATES = (
    ("prod", "rag", "closed"),
    *(("prod", kind, topology) for topology in ("closed", "hub") for kind in KINDS),
    ("dev", "agent", "closed"),
    *(("prod", kind, "restricted") for kind in KINDS),
)
"""Where a guardrail may first be judged: environment, kind of project, topology of the network.

``restricted`` stands for a project with restricted data, in a network of its own.
"""


@cache
def context(environment: str, kind: str, topology: str = "") -> CheckContext:
    chosen = sample(kind)
    if topology == "restricted":
        chosen = settings(replace(project(kind=kind), data_classification="restricted"))
    return context_for(chosen, chosen.environments[environment], today=TODAY)


@cache
def estate(environment: str, kind: str, topology: str) -> ResourceGraph:
    if topology != "restricted":
        return combination(environment, kind, topology)
    own = graph("project", environment, kind, customerKey=True)
    return ResourceGraph(graph("platform", environment).resources + own.resources)


@cache
def judged(environment: str, kind: str, topology: str) -> frozenset[str]:
    given = context(environment, kind, topology)
    return frozenset(finding.rule for finding in run(estate(environment, kind, topology), given))


def estates_for(rule: Rule) -> Iterator[tuple[tuple[str, str, str], ResourceGraph]]:
    """Yield where a rule is judged: as shipped, or with what it speaks of added in its good form."""
    shipped = [place for place in ESTATES if rule.id in judged(*place)]
    if shipped:
        yield shipped[0], estate(*shipped[0])
        return
    for place in ESTATES:
        for whole in staged(rule, estate(*place)):
            yield place, whole


def failing(changed: ResourceGraph, place: tuple[str, str, str]) -> set[str]:
    return {f.rule for f in run(changed, context(*place)) if f.outcome is Outcome.FAIL}


def open_in(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.rule}: {f.subject} {f.message}" for f in findings if f.outcome is not Outcome.PASS]


def on_templates() -> Iterator[Rule]:
    return (rule for rule in all_rules() if rule.where is Where.TEMPLATE)


ON_RESOURCES = [rule for rule in on_templates() if rule.resource_type != TEMPLATE]
ON_TEMPLATES = [rule for rule in on_templates() if rule.resource_type == TEMPLATE]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_landing_zone_as_written_keeps_every_guardrail(environment: str) -> None:
    findings = run(everything(environment), context(environment, "rag"))
    assert open_in(findings) == []
    assert len({finding.rule for finding in findings}) > 60


@pytest.mark.parametrize("place", ESTATES, ids="-".join)
def test_every_estate_keeps_every_guardrail(place: tuple[str, str, str]) -> None:
    assert open_in(run(estate(*place), context(*place))) == []


@pytest.mark.parametrize("rule", ON_RESOURCES, ids=lambda rule: rule.id)
def test_a_broken_guardrail_is_noticed_by_itself_alone(rule: Rule) -> None:
    noticed = []
    for place, whole in estates_for(rule):
        if whole is not estate(*place):
            findings = run(whole, context(*place))
            if open_in(findings) or rule.id not in {finding.rule for finding in findings}:
                continue
        for changed in mutations(rule, whole):
            noticed.append(failing(changed, place))
            if noticed[-1] == {rule.id}:
                return
    pytest.fail(f"no mutation is noticed by {rule.id} alone: {noticed or 'it is judged nowhere'}")


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("rule", ON_TEMPLATES, ids=lambda rule: rule.id)
def test_a_broken_template_is_noticed_by_itself_alone(rule: Rule, template: str) -> None:
    place = ("prod", "rag", "closed")
    shipped = compiled(template).template
    given = replace(context(*place), template=shipped)
    assert open_in(run(estate(*place), given)) == []
    broken = list(secretive(shipped))
    assert len(broken) > 3
    for changed in broken:
        found = run(estate(*place), replace(given, template=changed))
        assert {finding.rule for finding in found if finding.outcome is Outcome.FAIL} == {rule.id}


def test_no_guardrail_on_templates_is_left_out() -> None:
    """The two tests above are over the whole catalogue; the second knows how to break this one rule."""
    assert {*ON_RESOURCES, *ON_TEMPLATES} == set(on_templates())
    assert [rule.id for rule in ON_TEMPLATES] == ["no-secrets-in-templates"]
