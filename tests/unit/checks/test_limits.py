"""Ceilings are the organisation's: coe.yaml says them, guardrails and parameter files follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coe_scaffold.bicep import compile_parameters
from coe_scaffold.checks import all_rules, context_for, run
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown
from coe_scaffold.model.resources import Resource, ResourceGraph
from coe_scaffold.model.settings import Limits, Model, Settings
from coe_scaffold.scaffold.landing_zone import project_infra
from tests.fakes.workspace import project, settings
from tests.templates.bicep.landing_zones import TODAY, reader

DEPLOYMENT = "Microsoft.CognitiveServices/accounts/deployments"
CLUSTER = "Microsoft.MachineLearningServices/workspaces/computes"
COSMOS = "Microsoft.DocumentDB/databaseAccounts"
MODELS = (Model("small", "1", capacity=20), Model("plain", "1"), Model("large", "1", capacity=900))
LIMITED = replace(
    settings(project(kind="ml")),
    limits=Limits(capacity=50, nodes=2, throughput=1000, vm_sizes=("Standard_E8ds_v5",)),
    models=MODELS,
)


def outcome(rule: str, kind: str, body: dict[str, Any], chosen: Settings = LIMITED) -> Outcome:
    environment = chosen.environments["dev"]
    resource = Resource(kind, "/".join("abc"[: kind.count("/")]), "1", environment.scope.group("rg"), body)
    rules = tuple(item for item in all_rules() if item.id == rule)
    (finding,) = run(ResourceGraph((resource,)), context_for(chosen, environment, today=TODAY), rules)
    return finding.outcome


@pytest.mark.parametrize(
    ("model", "capacity", "expected"),
    [
        ("small", 20, Outcome.PASS),
        ("SMALL", 21, Outcome.FAIL),
        ("plain", 50, Outcome.PASS),
        ("plain", 51, Outcome.FAIL),
        ("large", 900, Outcome.PASS),
        ("other", 51, Outcome.FAIL),
        (Unknown("x"), 20, Outcome.PASS),
        (Unknown("x"), 21, Outcome.UNKNOWN),
        (Unknown("x"), 901, Outcome.FAIL),
        ("plain", Unknown("x"), Outcome.UNKNOWN),
    ],
)
def test_a_model_has_its_own_ceiling_or_the_general_one(
    model: object, capacity: object, expected: Outcome
) -> None:
    body = {"sku": {"capacity": capacity}, "properties": {"model": {"name": model}}}
    assert outcome("deploy-capacity-ceiling", DEPLOYMENT, body) is expected


@pytest.mark.parametrize(("nodes", "expected"), [(2, Outcome.PASS), (3, Outcome.FAIL)])
def test_nodes(nodes: int, expected: Outcome) -> None:
    scale = {"scaleSettings": {"minNodeCount": 0, "maxNodeCount": nodes}}
    body = {"properties": {"computeType": "AmlCompute", "properties": scale}}
    assert outcome("aml-cluster-scale-to-zero", CLUSTER, body) is expected


@pytest.mark.parametrize(
    ("size", "expected"), [("Standard_E8ds_v5", Outcome.PASS), ("Standard_D4s_v5", Outcome.FAIL)]
)
def test_sizes(size: str, expected: Outcome) -> None:
    body = {"properties": {"computeType": "AmlCompute", "properties": {"vmSize": size}}}
    assert outcome("aml-compute-vm-allow-list", CLUSTER, body) is expected


@pytest.mark.parametrize(("throughput", "expected"), [(1000, Outcome.PASS), (1001, Outcome.FAIL)])
def test_throughput(throughput: int, expected: Outcome) -> None:
    body = {"properties": {"capacity": {"totalThroughputLimit": throughput}}}
    assert outcome("cosmos-throughput-limit", COSMOS, body) is expected


@pytest.mark.parametrize("kind", ["ml", "agent", "rag"])
def test_parameter_files_keep_to_the_limits(kind: str) -> None:
    chosen = replace(LIMITED, projects=(project(kind=kind),))
    tree = project_infra(chosen, chosen.projects[0])
    given = compile_parameters("project/prod.bicepparam", reader(tree), {}).parameters
    assert [model["capacity"] for model in given["models"]["value"]] == ([] if kind == "ml" else [20, 50, 50])
    sizes = {name: given[name]["value"] for name in ("machineLearning", "throughputLimit") if name in given}
    assert (
        sizes
        == {
            "ml": {"machineLearning": {"vmSize": "Standard_E8ds_v5", "maxNodes": 2}},
            "agent": {"throughputLimit": 1000},
            "rag": {},
        }[kind]
    )
