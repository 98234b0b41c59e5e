"""What-if results become steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from coe_scaffold.errors import CoeError
from coe_scaffold.model.deployment_json import deployment_from_json
from coe_scaffold.model.plan import Action, StepKind
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange, ResourceChange
from coe_scaffold.planning import deployment_step, deployment_steps
from coe_scaffold.planning.codec import decode
from coe_scaffold.planning.deployments import TEMPLATE_LIMIT, check_size, with_extras
from coe_scaffold.planning.noise import RULES, hidden, mark
from tests.fakes.plans import PLATFORM, PROJECT, STORAGE, SUBSCRIPTION, VNET, change, deployment

CASES = Path(__file__).parents[2] / "cases" / "planning"


def cases(name: str) -> list[Any]:
    loaded: list[Any] = YAML(typ="safe").load((CASES / name).read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in loaded]


def resource_change(number: int, word: str) -> ResourceChange:
    scope = PROJECT.child("Microsoft.Storage/storageAccounts", f"st{number}")
    state = PropertyChange("properties.provisioningState", "Succeeded", None)
    if word == "Noise":
        return change(scope, ChangeType.MODIFY, state)
    real = (PropertyChange("sku.name", "A", "B"),) if word == "Modify" else ()
    return change(scope, ChangeType(word), *real)


@pytest.mark.parametrize("case", cases("deployments.yaml"))
def test_action_and_reason(case: dict[str, Any]) -> None:
    changes = [resource_change(number, word) for number, word in enumerate(case["changes"])]
    step = deployment_step(deployment("claims-chat"), changes)
    assert (step.action.value, step.reason) == (case["action"], case["reason"])
    assert bool(step.needs) == step.action.writes


@pytest.mark.parametrize("case", cases("noise.yaml"))
def test_noise_rule(case: dict[str, Any]) -> None:
    given = case["change"]
    one = PropertyChange(given["path"], decode(given["before"]), decode(given["after"]))
    kind, _, name = case["type"].partition("/")
    scope = PROJECT.child(f"{kind}/{name}", "/".join("x" for _ in name.split("/")))
    marked = mark(change(scope, ChangeType.MODIFY, one))
    assert marked.delta[0].noise == case["expect"]
    assert marked.change is (ChangeType.NO_CHANGE if case["expect"] else ChangeType.MODIFY)


def test_every_noise_rule_has_an_id_a_source_and_a_case() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids))
    assert all(rule.source for rule in RULES)
    untested = set(ids) - {case.values[0]["expect"] for case in cases("noise.yaml")}
    assert untested == {"read-only-system-data", "dns-zone-group-id", "dns-zone-group-records"}


def test_noise_is_counted_by_rule() -> None:
    step = deployment_step(deployment("x"), [resource_change(1, "Noise"), resource_change(2, "Noise")])
    assert hidden([step]) == {"read-only-state": 2}


def test_a_writing_step_carries_its_whole_deployment_and_an_idle_one_nothing() -> None:
    given = deployment("platform", PLATFORM, VNET)
    step = deployment_step(given, [change(VNET), change(PLATFORM)])
    assert deployment_from_json(step.after) == given
    assert (step.id, step.kind, step.title) == (
        "deploy/platform-dev",
        StepKind.DEPLOYMENT,
        "Deploy platform-dev",
    )
    assert [one.resource for one in step.changes] == [PLATFORM, VNET]
    assert deployment_step(given, []).after is None


def test_equal_names_at_different_scopes_get_different_ids() -> None:
    one = Deployment("coe-x", PLATFORM, {}, {})
    other = Deployment("coe-x", PROJECT, {}, {})
    steps = deployment_steps([(one, ()), (other, ()), (deployment("y"), ())])
    ids = [step.id for step in steps]
    assert len(set(ids)) == 3
    assert ids == sorted(ids)
    assert "deploy/y-dev" in ids
    assert all(step.action is Action.NO_CHANGE for step in steps)


def test_ignored_resources_stay_visible() -> None:
    step = deployment_step(deployment("x"), [change(STORAGE, ChangeType.IGNORE)])
    assert [one.change for one in step.changes] == [ChangeType.IGNORE]


def test_a_template_that_arm_would_refuse_for_its_size_is_refused_with_both_numbers() -> None:
    made = deployment("x")
    check_size(replace(made, template={"text": "x" * (TEMPLATE_LIMIT - 100)}))
    with pytest.raises(CoeError, match="ARM takes 4,194,304"):
        check_size(replace(made, template={"text": "x" * TEMPLATE_LIMIT}))


def test_what_no_template_declares_counts_in_declared_groups_only() -> None:
    stranger, elsewhere = PROJECT.child("a/b", "c"), SUBSCRIPTION.group("other").child("a/b", "c")
    found = with_extras((change(PROJECT), change(STORAGE)), (STORAGE, stranger, elsewhere))
    assert [(one.resource, one.change) for one in found[2:]] == [(stranger, ChangeType.IGNORE)]
