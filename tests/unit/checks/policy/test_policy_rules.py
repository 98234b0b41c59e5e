"""The language of policy rules, by tables of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from coe_scaffold.checks.policy.conditions import holds
from coe_scaffold.checks.policy.expressions import Place, Sight
from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.checks.policy.rule import matches
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource
from coe_scaffold.model.scope import Scope

CASES = Path(__file__).parents[3] / "cases" / "policy"
GROUP = Scope("/subscriptions/s/resourceGroups/rg-a")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def loaded(name: str) -> Any:
    return unknown(yaml.safe_load((CASES / name).read_text(encoding="utf-8")))


def unknown(value: Any) -> Any:
    match value:
        case "<unknown>":
            return Unknown("x")
        case dict():
            return {key: unknown(item) for key, item in value.items()}
        case list():
            return [unknown(item) for item in value]
        case datetime():
            return value.isoformat()
    return value


RULES = loaded("rules.yaml")


def sight() -> Sight:
    given = RULES["resource"]
    group = Resource(
        "Microsoft.Resources/resourceGroups",
        "rg-a",
        "2024-01-01",
        Scope("/subscriptions/s"),
        {"tags": {"owner": "ada"}},
    )
    resource = Resource(given["type"], given["name"], "2025-06-01", GROUP, given["body"])
    return Sight(Place(NOW, group), RULES["parameters"], resource)


@pytest.mark.parametrize("case", loaded("conditions.yaml"), ids=lambda case: " ".join(map(str, case[:3])))
def test_conditions(case: list[Any]) -> None:
    condition, actual, wanted, expected = case
    assert holds(condition, actual, wanted) is expected


@pytest.mark.parametrize("case", RULES["cases"], ids=lambda case: case[0])
def test_rules(case: list[Any]) -> None:
    _, block, expected = case
    assert matches(block, sight()) is expected


@pytest.mark.parametrize("case", RULES["refused"], ids=lambda case: case[0])
def test_what_is_not_known_is_refused_and_never_passed(case: list[Any]) -> None:
    with pytest.raises(NotSupportedError):
        matches(case[1], sight())
