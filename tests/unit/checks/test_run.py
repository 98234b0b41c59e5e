"""Runs: which rules apply, locations, unknown conditions, exceptions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from coe_scaffold.checks import CheckContext, Rule, Where, all_rules, context_for, open_findings, run
from coe_scaffold.checks.context import REQUIRED_TAGS, RESIDENT_TYPES
from coe_scaffold.checks.operators import Demand, Equals, Link, Related
from coe_scaffold.checks.relations import Relations
from coe_scaffold.checks.rule import Inline, Severity
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import GuardrailException
from tests.fakes import workspace

VAULT = "Microsoft.KeyVault/vaults"
SUBSCRIPTION = Scope("/subscriptions/20000000-0000-4000-8000-000000000001")
GROUP = SUBSCRIPTION.group("rg-a")
RULE = Rule(
    id="kv-closed",
    title="Vault is closed",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type=VAULT,
    path="properties.open",
    operator=Equals(value=False),
    rationale="Because.",
    fix="Close it.",
)
CONTEXT = CheckContext(
    allowed_locations=(),
    allowed_models=(),
    deployment_types=(),
    profile="standard",
    exceptions=(),
    today=date(2026, 11, 24),
    environment="dev",
)


def vault(name: str = "kv", *, is_open: object = True, **members: Any) -> Resource:
    source = "/resources/0/properties/template/resources/1"
    body = {"properties": {"open": is_open}, **members}
    return Resource(VAULT, name, "2026-01-01", GROUP, body, source=source)


def judged(*resources: Resource, rule: Rule = RULE, context: CheckContext = CONTEXT) -> tuple[Finding, ...]:
    return run(ResourceGraph(resources), context, (rule,))


def excepted(*, guardrail: str = "kv-closed", scope: str = GROUP.path, reason: str = "Migration",
             approver: str = "compliance-officer", expires: str = "2027-01-31") -> CheckContext:  # fmt: skip
    given = GuardrailException(guardrail, scope, reason, approver, expires)
    return replace(CONTEXT, exceptions=(given,))


def test_a_failure_says_what_where_and_what_to_do() -> None:
    context = replace(CONTEXT, locations={"/resources/0/properties/template": "main.bicep:7"})
    (finding,) = judged(vault(), context=context)
    assert finding.outcome is Outcome.FAIL
    assert finding.blocks
    assert finding.subject == f"{GROUP}/providers/{VAULT}/kv"
    assert finding.message == "properties.open is true, expected false."
    assert (finding.path, finding.actual, finding.expected) == ("properties.open", True, False)
    assert (finding.fix, finding.owner, finding.location) == (
        "Close it.",
        "compliance-officer",
        "main.bicep:7",
    )


def test_passes_are_reported_and_can_be_left_out() -> None:
    findings = judged(vault("a", is_open=False), vault("b"))
    assert [finding.outcome.value for finding in findings] == ["fail", "pass"]
    assert open_findings(findings) == findings[:1]


def test_nothing_is_said_about_other_types_existing_resources_and_rules_judged_elsewhere() -> None:
    storage = Resource("Microsoft.Storage/storageAccounts", "st", "", GROUP, {})
    assert judged(storage, replace(vault(), existing=True)) == ()
    assert judged(vault(), rule=replace(RULE, where=Where.POLICY)) == ()


def test_a_resource_that_may_not_be_deployed_cannot_fail() -> None:
    (finding,) = judged(vault(condition=Unknown("[reference('x').on]")))
    assert finding.outcome is Outcome.UNKNOWN
    assert not finding.blocks


def test_inline_declarations_are_judged_too() -> None:
    rule = replace(
        RULE,
        resource_type="Microsoft.Network/virtualNetworks/subnets",
        inline=Inline("Microsoft.Network/virtualNetworks", "properties.subnets[*]"),
        when=(Demand("name", Equals("b")),),
    )
    subnets = [{"name": name, "properties": {"open": True}} for name in ("a", "b")]
    network = Resource(
        "Microsoft.Network/virtualNetworks", "v", "", GROUP, {"properties": {"subnets": subnets}}
    )
    (finding,) = judged(network, rule=rule)
    assert finding.path == "properties.subnets[1].properties.open"
    assert finding.subject == network.id.path


def test_relations_see_the_other_deployments_of_the_environment() -> None:
    rule = replace(RULE, operator=Related("Microsoft.Authorization/locks", Link.COVERS))
    lock = Resource("Microsoft.Authorization/locks", "lock", "", SUBSCRIPTION, {})
    assert judged(vault(), rule=rule)[0].outcome is Outcome.FAIL
    context = replace(CONTEXT, estate=Relations(ResourceGraph((vault(), lock, vault("elsewhere")))))
    assert [f.outcome for f in judged(vault(), rule=rule, context=context)] == [Outcome.PASS]


@pytest.mark.parametrize(
    ("profiles", "profile", "labels", "applies"),
    [
        (("all",), "standard", (), True),
        (("prod",), "standard", (), False),
        (("prod",), "strict", (), True),
        (("nonprod",), "standard", (), True),
        (("nonprod",), "strict", (), False),
        (("regulated",), "strict", (), False),
        (("regulated",), "standard", ("regulated",), True),
        (("rag", "agent"), "standard", (), True),
        (("rag", "agent"), "standard", ("agent", "regulated"), True),
        (("rag", "agent"), "standard", ("ml",), False),
    ],
)
def test_profiles(profiles: tuple[str, ...], profile: str, labels: tuple[str, ...], *, applies: bool) -> None:
    context = replace(CONTEXT, profile=profile, labels=frozenset(labels))
    assert bool(judged(vault(), rule=replace(RULE, profiles=profiles), context=context)) is applies


@pytest.mark.parametrize(
    "scope",
    [SUBSCRIPTION.path, GROUP.path, GROUP.path.upper(), f"{GROUP}/providers/{VAULT}/kv", "dev"],
)
def test_a_valid_exception_excuses_what_is_below_its_scope(scope: str) -> None:
    (finding,) = judged(vault(), context=excepted(scope=scope))
    assert finding.outcome is Outcome.EXCEPTED
    assert "Excepted until 2027-01-31 by compliance-officer: Migration" in finding.message


@pytest.mark.parametrize("scope", [f"{GROUP}-b", f"{GROUP}/providers/{VAULT}/kv2", "prod"])
def test_an_exception_for_another_scope_excuses_nothing(scope: str) -> None:
    assert [f.outcome for f in judged(vault(), context=excepted(scope=scope))] == [Outcome.FAIL]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"expires": "2026-11-23"}, "it expired on 2026-11-23"),
        ({"expires": "2027-05-24"}, "it runs until 2027-05-24, more than 180 days from now"),
        ({"expires": "next week"}, "'next week' is not a date (YYYY-MM-DD)"),
        ({"approver": "ai-engineer"}, "ai-engineer may not grant it, compliance-officer owns this guardrail"),
        ({"reason": " "}, "it gives no reason"),
    ],
)
def test_an_exception_that_does_not_count_is_a_failure_of_its_own(
    given: dict[str, str], problem: str
) -> None:
    findings = judged(vault(), context=excepted(**given))
    assert [finding.outcome.value for finding in findings] == ["fail", "fail"]
    own, about = sorted(findings, key=lambda finding: finding.subject == GROUP.path)
    assert own.message.endswith(f"Its exception does not count: {problem}.")
    assert about.message == f"The exception does not count: {problem}."
    assert about.severity is Severity.CRITICAL
    clean = judged(vault(is_open=False), context=excepted(**given))
    assert [finding.outcome.value for finding in clean] == ["fail", "pass"]


def test_an_exception_that_does_not_count_blocks_whatever_it_was_to_excuse() -> None:
    (rule,) = [rule for rule in all_rules() if rule.id == "law-retention"]
    assert rule.severity is Severity.MEDIUM
    (about,) = run(ResourceGraph(()), excepted(guardrail=rule.id, expires="2026-11-23"))
    assert about.blocks


@pytest.mark.parametrize(("expires", "outcome"), [("2026-11-24", "excepted"), ("2027-05-23", "excepted")])
def test_the_first_and_the_last_day_count(expires: str, outcome: str) -> None:
    assert [f.outcome.value for f in judged(vault(), context=excepted(expires=expires))] == [outcome]


def test_an_unknown_guardrail_or_scope_is_a_failure() -> None:
    (first, *_) = judged(vault(is_open=False), context=excepted(guardrail="kv-clsoed"))
    assert "there is no guardrail 'kv-clsoed'" in first.message
    (first, *_) = judged(vault(is_open=False), context=excepted(scope="resourceGroups/x"))
    assert "'resourceGroups/x' is neither a scope nor an environment" in first.message


def test_a_bad_exception_of_another_environment_is_its_own_business() -> None:
    other = "/subscriptions/20000000-0000-4000-8000-000000000009"
    for scope in (other, "prod"):
        context = excepted(scope=scope, expires="2020-01-01")
        assert [f.outcome for f in judged(vault(is_open=False), context=context)] == [Outcome.PASS]


def test_unknown_findings_can_be_excepted() -> None:
    (finding,) = judged(vault(is_open=Unknown("x")), context=excepted())
    assert finding.outcome is Outcome.EXCEPTED


def test_the_worst_comes_first() -> None:
    low = replace(RULE, id="low", severity=Severity.LOW)
    findings = run(
        ResourceGraph((vault("a", is_open=Unknown("x")), vault("b"), vault("c", is_open=False))),
        CONTEXT,
        (low, RULE),
    )
    assert [(finding.outcome.value, finding.severity.value) for finding in findings] == [
        ("fail", "critical"), ("fail", "low"), ("unknown", "critical"), ("unknown", "low"),
        ("pass", "critical"), ("pass", "low"),
    ]  # fmt: skip


def test_the_context_of_a_workspace() -> None:
    high = replace(workspace.project(), risk_tier="high")
    settings = workspace.settings(high, replace(workspace.project("b", "ml"), environments=("dev",)))
    context = context_for(
        settings,
        settings.environments["prod"],
        today=date(2026, 11, 24),
        locations={"/a": "/workspace/x/main.bicep:7", "/b": "/workspaces/main.bicep:7"},
    )
    assert context.allowed_locations == ("swedencentral", "westeurope")
    assert context.profiles == {"all", "prod", "rag", "regulated"}
    assert context.locations == {"/a": "x/main.bicep:7", "/b": "/workspaces/main.bicep:7"}
    assert context.required_tags == (*REQUIRED_TAGS, "managed-by", "coe-environment")


def test_a_finding_on_the_template_itself_names_its_file() -> None:
    (secrets,) = [rule for rule in all_rules() if rule.id == "no-secrets-in-templates"]
    template = {"resources": [], "parameters": {"token": {"type": "securestring", "defaultValue": "x"}}}
    (finding,) = judged(rule=secrets, context=replace(CONTEXT, template=template, file="platform/main.bicep"))
    assert (finding.subject, finding.location) == ("template", "platform/main.bicep")
    assert judged(rule=secrets) == (), "without the template there is nothing to judge"


@pytest.mark.parametrize(
    ("listed", "risk_tier", "expected"),
    [
        (("GlobalStandard", "DataZoneStandard"), "limited", ("GlobalStandard", "DataZoneStandard")),
        (("GlobalStandard", "DataZoneStandard"), "high", ("DataZoneStandard",)),
        (("GlobalStandard",), "high", RESIDENT_TYPES),
    ],
)
def test_regulated_work_stays_where_it_is_whatever_coe_yaml_lists(
    listed: tuple[str, ...], risk_tier: str, expected: tuple[str, ...]
) -> None:
    of = replace(workspace.project(), risk_tier=risk_tier)
    chosen = replace(workspace.settings(of), deployment_types=listed)
    context = context_for(chosen, chosen.environments["dev"], today=date(2026, 11, 24))
    assert context.deployment_types == expected


def test_a_project_is_judged_by_what_it_is_and_the_platform_by_all_there_are() -> None:
    ordinary = workspace.project("papers", "docproc")
    restricted = replace(workspace.project("hr-bot", "agent"), data_classification="restricted")
    chosen = workspace.settings(ordinary, restricted)
    labels = {
        of: context_for(chosen, chosen.environments["dev"], today=date(2026, 11, 24), project=of).labels
        for of in (ordinary, restricted, None)
    }
    assert labels[ordinary] == {"docproc"}
    assert labels[restricted] == {"agent", "regulated"}
    assert labels[None] == {"docproc", "agent", "regulated"}
