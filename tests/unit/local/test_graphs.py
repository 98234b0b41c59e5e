"""What a deployment creates is kept between runs, and used only where no run could find anything else."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from coe_scaffold.errors import CompileError
from coe_scaffold.local.graphs import Graphs
from coe_scaffold.local.kept import Kept
from coe_scaffold.local.seen import digest
from coe_scaffold.model.resources import Deployment, ResourceGraph
from coe_scaffold.model.scope import Scope
from coe_scaffold.template import DeploymentContext, evaluate
from tests.unit.local.test_kept import damage

TENANT = "22222222-2222-4222-8222-222222222222"
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
RESOURCE = {
    "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
    "apiVersion": "2024-11-30",
    "name": "[parameters('name')]",
    "location": "[resourceGroup().location]",
    "tags": {"deployment": "[deployment().name]", "tenant": "[tenant().tenantId]"},
}


def template(default: str = "id-a") -> dict[str, Any]:
    return {"parameters": {"name": {"type": "string", "defaultValue": default}}, "resources": [RESOURCE]}


DEPLOYMENT = Deployment(
    "coe-a-dev", Scope("/subscriptions/a/resourceGroups/rg"), template(), {}, "westeurope"
)


class Runs:
    """Runs with one cache folder; ``evaluated`` counts the times that a template really was."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.evaluated = 0

    def of(self, deployment: Deployment, tenant: str = TENANT, now: datetime = NOW) -> ResourceGraph:
        """Ask as a process of its own would; what comes must be what an evaluation gives."""

        def work() -> ResourceGraph:
            self.evaluated += 1
            return fresh()

        def fresh() -> ResourceGraph:
            facts = (deployment.name, deployment.scope, deployment.location, tenant, now, lambda: "g")
            return evaluate(deployment.template, deployment.parameters, DeploymentContext(*facts))

        found = Graphs(Kept(self.folder)).of(deployment, tenant, now, work)
        assert found == fresh()
        return found


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_the_next_run_evaluates_nothing_and_gets_the_same(runs: Runs) -> None:
    assert runs.of(DEPLOYMENT) == runs.of(replace(DEPLOYMENT, template=template()))
    assert runs.evaluated == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "coe-b-dev"},
        {"scope": Scope("/subscriptions/a/resourceGroups/RG")},
        {"location": "northeurope"},
        {"template": template("id-b")},
        {"parameters": {"name": {"value": "id-b"}}},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_whatever_differs_is_evaluated(changed: dict[str, Any], runs: Runs) -> None:
    runs.of(DEPLOYMENT)
    runs.of(replace(DEPLOYMENT, **changed))
    assert runs.evaluated == 2


def test_another_tenant_is_evaluated(runs: Runs) -> None:
    runs.of(DEPLOYMENT)
    runs.of(DEPLOYMENT, "33333333-3333-4333-8333-333333333333")
    assert runs.evaluated == 2


def test_a_date_is_asked_for_again_when_it_is_another(runs: Runs) -> None:
    monthly = replace(DEPLOYMENT, template=template("[utcNow('yyyy-MM-01')]"))
    (first,) = runs.of(monthly).resources
    assert first.name == "2026-11-01"
    runs.of(monthly, now=NOW.replace(day=30, hour=23))
    assert runs.evaluated == 1
    (later,) = runs.of(monthly, now=NOW.replace(month=12)).resources
    assert (later.name, runs.evaluated) == ("2026-12-01", 2)


@pytest.mark.parametrize(
    "default",
    [
        "[newGuid()]",
        "[utcNow()]",
        "[utcNow('HHmmss')]",
        "[utcNow('mm')]",
        "[UtcNow(concat('yyyy'))]",
        "[concat(utcNow('yyyy'), utcNow())]",
    ],
)
def test_what_differs_from_run_to_run_is_never_kept(default: str, runs: Runs) -> None:
    for _ in range(2):
        runs.of(replace(DEPLOYMENT, template=template(default)))
    assert (runs.evaluated, list(runs.folder.iterdir())) == (2, [])


def test_a_record_that_was_tampered_with_counts_as_none(runs: Runs) -> None:
    runs.of(DEPLOYMENT)
    (record,) = runs.folder.iterdir()
    damage(record)
    runs.of(DEPLOYMENT)
    assert runs.evaluated == 2


def test_a_record_of_another_form_counts_as_none(runs: Runs) -> None:
    runs.of(DEPLOYMENT)
    (record,) = runs.folder.iterdir()
    for text in (b"{}", zlib.compress(b"{}"), zlib.compress(b"[]")):
        record.write_bytes(digest(text).encode() + b"\n" + text)
        runs.of(DEPLOYMENT)
    assert runs.evaluated == 4


def test_a_refusal_is_found_anew_each_time(runs: Runs) -> None:
    wrong = replace(DEPLOYMENT, parameters={"nome": {"value": "x"}})
    for _ in range(2):
        with pytest.raises(CompileError):
            runs.of(wrong)
    assert (runs.evaluated, list(runs.folder.iterdir())) == (2, [])


def test_without_a_folder_everything_is_evaluated() -> None:
    graph = ResourceGraph(())
    assert Graphs(None).of(DEPLOYMENT, TENANT, NOW, lambda: graph) is graph
