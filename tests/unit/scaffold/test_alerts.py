"""Alert rules: one catalogue for the template's parameter, its types and tables, and the monitoring plan."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from coe_scaffold.assets import templates
from coe_scaffold.catalog import functions
from coe_scaffold.catalog.alerts import alert_rules
from coe_scaffold.scaffold.alerts import alerts_parameter, monitoring_rows, runbook_rows
from coe_scaffold.scaffold.components import COMPONENTS, KINDS
from tests.fakes.workspace import project, settings

BICEP = templates() / "bicep" / "modules"


def test_catalogue_types_and_tables_know_the_same_rules() -> None:
    ids = [rule.id for rule in alert_rules()]
    types = (BICEP / "types.bicep").read_text().partition("type alertsType = {")[2].partition("\n}\n")[0]
    assert re.findall(r"^  (\w+): alertType\?$", types, re.M) == ids
    module = (BICEP / "alerts/main.bicep").read_text()
    metrics, lines = (
        re.findall(r"^  (\w+): \{$", module.partition(f"var {table} = {{")[2].partition("\n}\n")[0], re.M)
        for table in ("metrics", "lines")
    )
    assert [*metrics, *lines] == ids


def test_rules_name_what_there_is() -> None:
    known = {function.id for function in functions()}
    for rule in alert_rules():
        assert rule.component in {"", *COMPONENTS}
        assert {*rule.kinds} <= {*KINDS}
        assert {*rule.tells} <= known
        assert rule.source


def test_below_means_that_the_template_compares_the_same_way() -> None:
    module = (BICEP / "alerts/main.bicep").read_text()
    for rule in alert_rules():
        table = module.partition(f"  {rule.id}: {{\n")[2].partition("\n  }\n")[0]
        assert rule.below == ("operator: 'LessThan'" in table), rule.id


def test_lines_of_the_log_are_those_that_the_kinds_write() -> None:
    """What a query looks for stands in the source of every kind that the rule is for."""
    module = (BICEP / "alerts/main.bicep").read_text().partition("var lines = {")[2]
    for rule in (rule for rule in alert_rules() if rule.kinds):
        (wanted,) = re.findall(rf"  {rule.id}: {{\n.*\n    filter: '(.*)'\n", module)
        for kind in rule.kinds:
            root = templates() / "project" / kind
            text = "".join(path.read_text() for path in root.rglob("src/**/*.py"))
            found = [word for word in re.findall(r'"([^"]+)"', wanted) if word in text]
            fields = [field for field in re.findall(r"entry\.(\w+)", wanted) if f'"{field}"' in text]
            assert found or fields, (rule.id, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_rules_of_its_own(kind: str) -> None:
    chosen = project(kind=kind)
    found = alerts_parameter(settings(chosen), chosen, settings().environments["prod"])
    assert {"vaultUnavailable", "storageUnavailable"} < found.keys()
    assert ("modelThrottled" in found) == ("foundry" in KINDS[kind])
    assert ("endpointFailing" in found) == ("machineLearning" in KINDS[kind])
    assert ("appFailing" in found) == ("app" in KINDS[kind])


def test_strict_environments_are_told_earlier_and_more_urgently() -> None:
    chosen = project()
    workspace = settings(chosen)
    dev, prod = (
        alerts_parameter(workspace, chosen, workspace.environments[name])["appFailing"]
        for name in ("dev", "prod")
    )
    assert dev == {"threshold": 10, "window": "PT15M", "severity": 2, "tells": ["mlops-engineer"]}
    assert prod == {"threshold": 3, "window": "PT15M", "severity": 1, "tells": ["mlops-engineer"]}


def test_tokens_are_eight_hours_at_full_capacity() -> None:
    chosen = project()
    workspace = settings(chosen)
    found = alerts_parameter(workspace, chosen, workspace.environments["dev"])["tokensUsed"]
    assert found["threshold"] == len(workspace.models) * 10 * 1000 * 60 * 8


def test_the_incident_group_stands_in_for_a_function_without_an_address() -> None:
    chosen = project()
    workspace = settings(chosen)
    silent = tuple(replace(group, email="") for group in workspace.functions["mlops-engineer"])
    workspace = replace(workspace, functions={**workspace.functions, "mlops-engineer": silent})
    found = alerts_parameter(workspace, chosen, workspace.environments["dev"])
    assert found["appFailing"]["tells"] == ["incident"]
    assert found["tokensUsed"]["tells"] == ["ai-coe-lead"]


def test_the_monitoring_plan_says_the_same_thresholds() -> None:
    chosen = project()
    workspace = settings(chosen)
    rows = {row[4].strip("`"): row for row in monitoring_rows(workspace, chosen)}
    assert rows["appFailing"] == [
        "Application health",
        "requests answered with 5xx",
        "more than 10 requests (dev, test) or 3 requests (prod) in 15 minutes",
        "MLOps Engineer",
        "`appFailing`",
    ]
    assert rows["contentUnsafe"][2] == "more than 20 lines in a day"
    assert rows["vaultUnavailable"][2] == "less than 95 % (dev, test) or 99 % (prod) in 15 minutes"
    for environment in workspace.environments.values():
        parameter = alerts_parameter(workspace, chosen, environment)
        assert parameter.keys() == rows.keys()
        assert all(f"{rule['threshold']:,} " in rows[name][2] for name, rule in parameter.items())


@pytest.mark.parametrize("kind", KINDS)
def test_the_runbook_knows_every_alert_of_the_plan(kind: str) -> None:
    chosen = project(kind=kind)
    planned = [row[4] for row in monitoring_rows(settings(chosen), chosen)]
    assert [name.removeprefix("Alert ") for name, _ in runbook_rows(chosen)] == planned
    assert all(first for _, first in runbook_rows(chosen))
