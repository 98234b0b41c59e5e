"""Plan documents: lossless, one form, checked, masked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from coe_scaffold.errors import ConfigError, UsageError
from coe_scaffold.model.deployment_json import MASK, deployment_from_json
from coe_scaffold.model.finding import Finding
from coe_scaffold.model.json import Json
from coe_scaffold.model.plan import Plan, Step
from coe_scaffold.model.resources import ChangeType, Deployment, PropertyChange
from coe_scaffold.planning import combine, deployment_step
from coe_scaffold.planning.codec import (
    decode,
    dumps,
    encode,
    holds_secrets,
    json_schema,
    loads,
    printable_plan,
)
from coe_scaffold.planning.drift import drift
from coe_scaffold.planning.schema import problems
from tests.fakes.plans import (
    STORAGE,
    SUBSCRIPTION,
    change,
    finding_lists,
    json_values,
    note_lists,
    sample,
    step_lists,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "plan" / "plan.json"


@given(json_values)
def test_any_value_survives(value: Any) -> None:
    assert decode(json.loads(json.dumps(encode(value)))) == value


@given(step_lists, finding_lists, note_lists)
@settings(max_examples=60, deadline=None)
def test_any_plan_survives(steps: list[Step], findings: list[Finding], notes: list[str]) -> None:
    plan = combine("dev", "sandbox", steps, (), findings, notes, "i", workspace="w")
    text = dumps(plan)
    assert loads(text) == plan
    assert dumps(loads(text)) == text
    assert problems(json.loads(text)) == ()


def test_the_sample_is_written_as_before() -> None:
    assert dumps(sample()) == GOLDEN.read_text(encoding="utf-8")


def test_the_schema_accepts_the_sample_by_a_validator_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "schema.json").write_text(json.dumps(json_schema()), encoding="utf-8")
    checker = Path(sys.executable).parent / "check-jsonschema"
    command = [str(checker), "--schemafile", str(tmp_path / "schema.json"), str(GOLDEN)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def edited(edit: str, value: Any) -> str:
    data: Any = json.loads(dumps(sample()))
    place = data
    *path, last = edit.split(".")
    for part in path:
        place = place[int(part) if part.isdigit() else part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return json.dumps(data)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "this is not JSON"),
        ("[]", "the plan format is null"),
        (edited("format", "coe-scaffold/plan/v2"), 'format is "coe-scaffold/plan/v2"'),
        (edited("environment", ...), "plan.environment is missing"),
        (edited("colour", "red"), "plan.colour is unknown"),
        (edited("notes", "none"), "plan.notes must be of type array"),
        (edited("steps.0.action", "destroy"), r"plan.steps\[0\].action must be one of create"),
        (edited("steps.0.scope", "rg"), r"plan.steps\[0\].scope must match"),
        (edited("steps.0.dependsOn", [1]), r"dependsOn\[0\] must be of type string"),
        (edited("counts.create", True), "plan.counts.create must be of type integer"),
        (edited("steps.0.dependsOn", ["deploy/nothing"]), "unknown ones"),
    ],
)
def test_a_document_that_is_no_plan_is_refused(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        loads(text, file="p.json")
    assert re.search(message, caught.value.detail)
    assert caught.value.exit_code == 2
    assert all(problem.file == "p.json" and problem.fix for problem in caught.value.problems)


def test_all_problems_come_at_once() -> None:
    data = json.loads(dumps(sample()))
    del data["cloud"]
    data["steps"][0]["kind"] = 1
    with pytest.raises(ConfigError) as caught:
        loads(json.dumps(data))
    assert len(caught.value.problems) == 2


SECRET = "hunter2-is-secret"


def secret_plan() -> Plan:
    template = {
        "definitions": {"token": {"type": "secureString"}},
        "parameters": {
            "password": {"type": "securestring"},
            "token": {"$ref": "#/definitions/token", "defaultValue": "default-token"},
            "pin": {"type": "secureObject"},
            "name": {"type": "string"},
        },
        "resources": [],
    }
    parameters = {
        "password": {"value": SECRET},
        "pin": {"value": {"code": ["0815"]}},
        "name": {"value": "shown"},
    }
    deployment = Deployment("coe-x-dev", SUBSCRIPTION, template, parameters)
    delta = PropertyChange("properties.connection", {"old": [SECRET]}, f"password={SECRET};")
    step = deployment_step(deployment, [change(STORAGE, ChangeType.MODIFY, delta)])
    return combine("dev", "sandbox", (step,), ())


def test_secrets_are_in_the_plan_file_and_in_nothing_printed() -> None:
    plan = secret_plan()
    assert SECRET in dumps(plan)
    printed = dumps(printable_plan(plan))
    for secret in (SECRET, "0815", "default-token"):
        assert secret not in printed
    assert "shown" in printed
    assert "password=<secret>;" in printed


def test_drift_masks_them_too() -> None:
    (entry,) = drift(secret_plan())
    assert [one.after for one in entry.differences] == ["password=<secret>;"]


def test_a_printed_plan_with_secrets_cannot_be_applied() -> None:
    (step,) = printable_plan(secret_plan()).steps
    assert step.after["parameters"]["password"] == {"value": MASK}
    with pytest.raises(UsageError, match="masked"):
        deployment_from_json(step.after)


def nested(template: Json, parameters: Json) -> Json:
    properties: Json = {"mode": "Incremental", "template": template, "parameters": parameters}
    return {"type": "Microsoft.Resources/deployments", "name": "inner", "properties": properties}


@pytest.mark.parametrize("symbolic", [True, False])
def test_secrets_of_nested_deployments_are_masked_at_any_depth(symbolic: bool) -> None:
    inner: Json = {
        "parameters": {
            "key": {"type": "securestring", "defaultValue": SECRET},
            "given": {"type": "secureString"},
        },
        "resources": [],
    }
    one = nested(inner, {"given": {"value": "given-by-hand"}})
    middle = nested({"resources": {"one": one} if symbolic else [one]}, {})
    deployment = Deployment("coe-x-dev", SUBSCRIPTION, {"resources": [middle]}, {})
    delta = PropertyChange("properties.connection", SECRET, "x given-by-hand")
    step = deployment_step(deployment, [change(STORAGE, ChangeType.MODIFY, delta)])
    plan = combine("dev", "sandbox", (step,), ())
    assert holds_secrets(plan)
    (masked,) = printable_plan(plan).steps
    assert not [secret for secret in (SECRET, "given-by-hand") if secret in repr(masked)]
    with pytest.raises(UsageError, match="given, key"):
        deployment_from_json(masked.after)


def test_printing_a_plan_without_secrets_changes_nothing() -> None:
    assert printable_plan(sample()) == sample()
