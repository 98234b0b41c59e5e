"""The shipped landing zone keeps every guardrail, and breaking one is noticed by exactly that one."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from coe_scaffold.checks import CheckContext, Rule, all_rules, context_for, run
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.resources import ResourceGraph
from tests.fakes.mutations import mutations
from tests.fakes.workspace import settings
from tests.templates.bicep.landing_zones import ENVIRONMENTS, TEMPLATES, compiled, graph

RULES = {rule.id: rule for rule in all_rules()}
ELSEWHERE = {"no-secrets-in-templates"}
"""Judged on the template, not on resources: broken in its own cases."""


@cache
def estate(environment: str) -> ResourceGraph:
    resources = [r for template in TEMPLATES for r in graph(template, environment).resources]
    return ResourceGraph(tuple(resources))


@cache
def context(environment: str) -> CheckContext:
    sample = settings()
    return context_for(sample, sample.environments[environment], today=date(2026, 11, 24))


@cache
def judged(environment: str) -> frozenset[str]:
    return frozenset(finding.rule for finding in run(estate(environment), context(environment)))


def failing(changed: ResourceGraph) -> set[str]:
    return {f.rule for f in run(changed, context("prod")) if f.outcome is Outcome.FAIL}


def open_in(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.rule}: {f.subject} {f.message}" for f in findings if f.outcome is not Outcome.PASS]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_landing_zone_keeps_every_guardrail(environment: str) -> None:
    assert open_in(run(estate(environment), context(environment))) == []
    assert len(judged(environment)) > 60


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_templates_hold_no_secret(template: str) -> None:
    sample = settings()
    given = context_for(
        sample, sample.environments["prod"], today=date(2026, 11, 24), template=compiled(template).template
    )
    (finding,) = run(ResourceGraph(()), given, (RULES["no-secrets-in-templates"],))
    assert finding.outcome is Outcome.PASS


@pytest.mark.parametrize(
    "rule", [RULES[name] for name in sorted(judged("prod") - ELSEWHERE)], ids=lambda rule: rule.id
)
def test_a_broken_guardrail_is_noticed_by_itself_alone(rule: Rule) -> None:
    noticed = []
    for changed in mutations(rule, estate("prod")):
        noticed.append(failing(changed))
        if noticed[-1] == {rule.id}:
            return
    pytest.fail(f"no mutation is noticed by {rule.id} alone: {noticed}")
