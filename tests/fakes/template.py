"""Deployments to evaluate in: fixed time, fixed ids."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from coe_scaffold.model.resources import ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.template import DeploymentContext, Runtime, evaluate

CASES = Path(__file__).parents[1] / "cases" / "template"
SUBSCRIPTION = "/subscriptions/11111111-1111-4111-8111-111111111111"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"


def context(scope: str = GROUP, **changed: Any) -> DeploymentContext:
    number = count(1)
    facts: dict[str, Any] = {
        "name": "main",
        "scope": Scope.parse(scope),
        "location": "westeurope",
        "tenant": "22222222-2222-4222-8222-222222222222",
        "now": datetime(2026, 11, 24, 2, 30, 5, tzinfo=UTC),
        "new_guid": lambda: f"33333333-3333-4333-8333-{next(number):012d}",
    }
    return DeploymentContext(**{**facts, **changed})


def value_of(expression: object) -> Any:
    """What an expression is worth as an output of a template without anything else."""
    template = {"resources": [], "outputs": {"it": {"type": "", "value": expression}}}
    return evaluate(template, {}, context()).outputs["it"]["value"]


def deploy(
    template: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    *,
    scope: str = GROUP,
    runtime: Runtime | None = None,
    **changed: Any,
) -> ResourceGraph:
    given = {name: {"value": value} for name, value in (parameters or {}).items()}
    return evaluate({"resources": [], **template}, given, context(scope, **changed), runtime)


def cases(name: str) -> list[Any]:
    with (CASES / f"{name}.yaml").open(encoding="utf-8") as stream:
        loaded = YAML(typ="safe", pure=True).load(stream)
    assert loaded
    return list(loaded)
