"""Checking an environment: each finding once, and template findings name their file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from coe_scaffold.local.compilers import EmbeddedCompiler
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import JsonObject
from coe_scaffold.model.resources import Deployment, Resource, ResourceGraph
from coe_scaffold.model.settings import GuardrailException
from coe_scaffold.operations.check import check, check_environments
from coe_scaffold.operations.predict import GOVERNANCE, Target
from coe_scaffold.ports import CompiledTemplate
from tests.fakes.clock import FakeClock
from tests.fakes.workspace import project, settings

TODAY = date(2026, 11, 24)
GROUP = settings().environments["dev"].scope.group("rg-sample")


def target(name: str, template: JsonObject) -> Target:
    scope = settings().environments["dev"].scope
    path = Path(f"/workspace/{name}/main.bicep")
    return Target(
        name,
        None,
        Deployment(name, scope, template, {}),
        CompiledTemplate(path, template),
        path.with_name("dev.bicepparam"),
        ResourceGraph(()),
    )


def test_an_exception_that_does_not_count_is_told_once() -> None:
    expired = GuardrailException("kv-rbac", "dev", "old", "compliance-officer", "2026-01-01")
    given = replace(settings(), exceptions=(expired,))
    found = check(given, "dev", [target("platform", {}), target("claims-chat", {})], TODAY)
    assert [f.rule for f in found if f.outcome is Outcome.FAIL] == ["kv-rbac"]


def test_a_finding_about_a_template_names_its_file() -> None:
    leaking = {"parameters": {"adminPassword": {"type": "string", "defaultValue": "hunter2"}}}
    found = check(settings(), "dev", [target("platform", {}), target("claims-chat", leaking)], TODAY)
    (bad,) = [f for f in found if f.outcome is Outcome.FAIL]
    assert bad.location == "claims-chat/main.bicep"
    assert [f.location for f in found if f.outcome is Outcome.PASS] == ["platform/main.bicep"]


def test_what_all_environments_share_is_judged_as_strictly_as_production() -> None:
    given = replace(
        settings(),
        exceptions=(GuardrailException("kv-rbac", "dev", "old", "compliance-officer", "2026-01-01"),),
    )
    leaking = {"outputs": {"key": {"type": "string", "value": "[listKeys('x', '2024-01-01').key1]"}}}
    found = check(given, GOVERNANCE, [target("governance", leaking)], TODAY)
    assert [f.rule for f in found if f.outcome is Outcome.FAIL] == ["no-secrets-in-templates"]


def test_what_regulated_work_needs_is_not_asked_of_the_project_beside_it() -> None:
    account = Resource("Microsoft.CognitiveServices/accounts", "a", "2025-06-01", GROUP, {"kind": "OpenAI"})
    ordinary, restricted = project("papers"), replace(project("hr-bot"), data_classification="restricted")
    for of, asked in ((ordinary, set()), (restricted, {"cogsvc-cmk"})):
        made = replace(target(of.name, {}), project=of, graph=ResourceGraph((account,)))
        found = check(settings(ordinary, restricted), "dev", [made], TODAY)
        assert {f.rule for f in found if f.rule == "cogsvc-cmk"} == asked


def test_an_environment_with_a_template_from_elsewhere_is_no_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    link = {"templateLink": {"uri": "https://example.org/x.json"}}
    far = Resource(
        "Microsoft.Resources/deployments", "far", "2025-04-01", GROUP, {"properties": link}, source="/r"
    )
    made = replace(target("platform", {}), graph=ResourceGraph((far,)))
    monkeypatch.setattr("coe_scaffold.operations.check.predict", lambda *_: (made,))
    judgement = check_environments(settings(), ["dev"], compiler=EmbeddedCompiler(), clock=FakeClock())
    (missed,) = judgement.unchecked
    assert missed.file == "/workspace/platform/dev.bicepparam"
    assert "https://example.org/x.json" in missed.problems[0].message
