"""The shipped landing zone keeps every guardrail, and breaking one is noticed by exactly that one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

import pytest

from coe_scaffold.checks import CheckContext, Rule, Where, all_rules, context_for, run
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.scaffold.components import KINDS
from tests.fakes.mutations import mutations
from tests.templates.bicep.landing_zones import (
    ENVIRONMENTS,
    TEMPLATES,
    combination,
    compiled,
    everything,
    sample,
)

RULES = {rule.id: rule for rule in all_rules()}
ESTATES = (
    ("prod", "rag", "closed"),
    *(("prod", kind, topology) for topology in ("closed", "hub") for kind in KINDS),
    ("dev", "agent", "closed"),
)
"""Where a guardrail may first be judged: environment, kind of project, topology of the network."""

NOT_SHIPPED = {
    "aml-cmk": "customer-managed keys are a choice of regulated projects",
    "cogsvc-cmk": "customer-managed keys are a choice of regulated projects",
    "search-cmk-enforced": "customer-managed keys are a choice of regulated projects",
    "cogsvc-stored-completions-disabled": "only regulated projects must state it",
    "aml-compute-idle-shutdown": "compute instances belong to people, the landing zone makes none",
    "aml-model-data-collection": "models are deployed to endpoints by pipelines",
    "apim-named-values-keyvault": "the AI gateway has no secrets",
    "apim-tls": "the AI gateway is of a v2 tier, the rule is about the others",
    "apim-vnet": "the AI gateway is of a v2 tier, the rule is about the others",
    "kv-secret-expiry": "the landing zone writes no secrets",
    "no-secrets-in-templates": "judged on the template, not on resources",
}
"""Guardrails on resources the landing zone does not make; their own cases break them (test_rules.py)."""


@cache
def context(environment: str, kind: str) -> CheckContext:
    chosen = sample(kind)
    return context_for(chosen, chosen.environments[environment], today=date(2026, 11, 24))


@cache
def judged(environment: str, kind: str, topology: str) -> frozenset[str]:
    findings = run(combination(environment, kind, topology), context(environment, kind))
    return frozenset(finding.rule for finding in findings)


def first_estate(rule: str) -> tuple[str, str, str] | None:
    return next((estate for estate in ESTATES if rule in judged(*estate)), None)


def failing(changed: ResourceGraph, environment: str, kind: str) -> set[str]:
    return {f.rule for f in run(changed, context(environment, kind)) if f.outcome is Outcome.FAIL}


def open_in(findings: tuple[Finding, ...]) -> list[str]:
    return [f"{f.rule}: {f.subject} {f.message}" for f in findings if f.outcome is not Outcome.PASS]


def on_templates() -> Iterator[Rule]:
    return (rule for rule in all_rules() if rule.where is Where.TEMPLATE)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_landing_zone_as_written_keeps_every_guardrail(environment: str) -> None:
    findings = run(everything(environment), context(environment, "rag"))
    assert open_in(findings) == []
    assert len({finding.rule for finding in findings}) > 60


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_templates_hold_no_secret(template: str) -> None:
    chosen = sample()
    given = context_for(
        chosen, chosen.environments["prod"], today=date(2026, 11, 24), template=compiled(template).template
    )
    (finding,) = run(ResourceGraph(()), given, (RULES["no-secrets-in-templates"],))
    assert finding.outcome is Outcome.PASS


def test_guardrails_that_nothing_shipped_is_judged_by_are_listed_with_their_reason() -> None:
    missing = {rule.id for rule in on_templates() if first_estate(rule.id) is None}
    assert missing == set(NOT_SHIPPED)


@pytest.mark.parametrize(
    "rule", [rule for rule in on_templates() if rule.id not in NOT_SHIPPED], ids=lambda rule: rule.id
)
def test_a_broken_guardrail_is_noticed_by_itself_alone(rule: Rule) -> None:
    estate = first_estate(rule.id)
    assert estate is not None, "nothing in the landing zone is judged by it: see NOT_SHIPPED"
    environment, kind, _ = estate
    noticed = []
    for changed in mutations(rule, combination(*estate)):
        noticed.append(failing(changed, environment, kind))
        if noticed[-1] == {rule.id}:
            return
    pytest.fail(f"no mutation is noticed by {rule.id} alone: {noticed}")
