"""Every guardrail against its own table of cases in ``tests/cases/rules``."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from coe_scaffold.checks import CheckContext, Rule, Where, all_rules, run
from coe_scaffold.checks import rules as package
from coe_scaffold.model.coe import FUNCTION_IDS
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.model.settings import Model

CASES = Path(__file__).parents[2] / "cases" / "rules"
GROUP = Scope("/subscriptions/20000000-0000-4000-8000-000000000001/resourceGroups/rg-sample")
CONTEXT = CheckContext(
    allowed_locations=("swedencentral", "westeurope"),
    allowed_models=(Model("gpt-5.2", "2026-01-15"),),
    deployment_types=("DataZoneStandard",),
    profile="strict",
    exceptions=(),
    today=date(2026, 11, 24),
    environment="prod",
    labels=frozenset({"rag", "ml", "app", "gateway", "regulated", "nonprod"}),
)
OUTCOMES = {"pass", "fail", "unknown", "none"}
WORST = (Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS)


def tables() -> dict[str, dict[str, Any]]:
    yaml = YAML(typ="safe")
    return {path.stem: yaml.load(path) for path in sorted(CASES.glob("*.yaml"))}


TABLES = tables()
RULES = {rule.id: rule for rule in all_rules()}


def cases() -> Iterator[Any]:
    for rule, table in TABLES.items():
        for name, case in table.items():
            yield pytest.param(rule, case, id=f"{rule}: {name}")


def filled(value: Any, subject: str) -> Any:
    if value == "<unknown>":
        return Unknown("[reference('sample').value]")
    if isinstance(value, dict):
        return {key: filled(item, subject) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, subject) for item in value]
    return value.replace("${subject}", subject) if isinstance(value, str) else value


def changed(body: Any, changes: dict[str, Any]) -> Any:
    result = copy.deepcopy(body)
    for path, value in changes.items():
        *parents, last = path.split(".")
        node = result
        for part in parents:
            node = node[int(part)] if part.isdigit() else node[part]
        node[last] = value
    return result


def resource(body: dict[str, Any], kind: str, subject: str = "") -> Resource:
    body = {key: value for key, value in filled(body, subject).items() if key != "type"}
    name = body.pop("name", "/".join(["sample"] * kind.count("/")))
    scope = Scope(body.pop("scope")) if "scope" in body else GROUP
    return Resource(kind, name, body.pop("apiVersion", "2026-01-01"), scope, body)


def verdict(rule: Rule, case: dict[str, Any]) -> tuple[str, Any]:
    context = replace(CONTEXT, **{key: _frozen(value) for key, value in case.get("context", {}).items()})
    resources: list[Resource] = []
    if "template" in case:
        context = replace(context, template=case["template"])
    else:
        kind = case.get("type", rule.resource_type)
        subject = resource(changed(case["given"], case.get("change", {})), kind)
        others = [resource(other, other["type"], subject.id.path) for other in case.get("others", [])]
        resources = [subject, *others]
    found = run(ResourceGraph(tuple(resources)), context, (rule,))
    worst = min(found, key=lambda finding: WORST.index(finding.outcome), default=None)
    return (worst.outcome.value if worst else "none"), worst


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize(("rule", "case"), list(cases()))
def test_case(rule: str, case: dict[str, Any]) -> None:
    outcome, finding = verdict(RULES[rule], case)
    assert outcome == case["expect"], finding
    if "path" in case:
        assert finding.path == case["path"]
    if "actual" in case:
        assert finding.actual == case["actual"]


def test_there_are_rules_and_cases_to_judge() -> None:
    assert len(RULES) >= 21
    assert {rule.id for rule in RULES.values() if rule.where is Where.TEMPLATE} == set(TABLES)


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_each_rule_has_a_pass_and_a_fail_case(table: dict[str, Any]) -> None:
    expected = {case["expect"] for case in table.values()}
    assert {"pass", "fail"} <= expected <= OUTCOMES


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_each_rule_is_complete(rule: Rule) -> None:
    assert rule.owner in FUNCTION_IDS
    assert rule.rationale.endswith(".")
    assert rule.fix.endswith(".")
    assert rule.source, "says where it comes from"
    assert (rule.operator is not None) == (rule.where is Where.TEMPLATE)
    assert bool(rule.judged_at) == (rule.where is not Where.TEMPLATE)
    for guid in rule.azure_policy:
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", guid)
    assert set(rule.profiles) <= {
        "all", "prod", "nonprod", "regulated", "rag", "agent", "ml", "finetune", "docproc", "app", "gateway",
    }  # fmt: skip


def test_each_file_is_named_after_its_rule() -> None:
    folder = Path(package.__file__ or "").parent
    files = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.py") if path.stem != "__init__"}
    assert files == {
        f"{rule.category.replace('-', '_')}/{rule.id.replace('-', '_')}.py" for rule in RULES.values()
    }
