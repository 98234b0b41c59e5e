"""Projects with restricted data: encrypted with keys of their own, and judged by more guardrails."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.checks import CheckContext, context_for, run
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.settings import Settings
from coe_scaffold.scaffold.components import KINDS
from coe_scaffold.scaffold.landing_zone import project_infra
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import TODAY, graph, reader

KEYED = {"cogsvc-cmk", "aml-cmk", "search-cmk-enforced", "cogsvc-stored-completions-disabled"}


def restricted(kind: str) -> Settings:
    return settings(replace(project(kind=kind), data_classification="restricted"))


def context(kind: str) -> CheckContext:
    chosen = restricted(kind)
    return context_for(chosen, chosen.environments["prod"], today=TODAY)


@cache
def estate(kind: str) -> ResourceGraph:
    own = graph("project", "prod", kind, customerKey=True)
    return ResourceGraph(graph("platform", "prod").resources + own.resources)


def failing(whole: ResourceGraph, kind: str) -> set[str]:
    return {item.rule for item in run(whole, context(kind)) if item.outcome is not Outcome.PASS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_parameter_follows_the_intake_record(kind: str) -> None:
    for chosen, expected in ((restricted(kind), True), (settings(project(kind=kind)), False)):
        tree = project_infra(chosen, chosen.projects[0])
        given = compile_parameters("project/prod.bicepparam", reader(tree), {}).parameters
        assert given["customerKey"]["value"] is expected


@pytest.mark.parametrize("kind", KINDS)
def test_guardrails_for_regulated_projects_hold(kind: str) -> None:
    assert failing(estate(kind), kind) == set()
    assert failing(graph("project", "prod", kind), kind) & KEYED
