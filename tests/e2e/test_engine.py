"""Runs, undo, doctor, approvals and drift since a run, as a user calls them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.e2e.conftest import coe

Edit = Callable[[Path, str, str], None]


def test_a_run_is_listed_undone_once_and_leaves_nothing(applied: Path) -> None:
    runs = coe("runs", "--output", "json", cwd=applied).document["runs"]
    assert [one["state"] for one in runs] == ["done"]
    run = runs[0]["run"]
    assert run in coe("runs", run, cwd=applied).out
    undone = coe("undo", run, "--yes", "--output", "json", cwd=applied)
    assert undone.code == 0, undone.err
    assert len(undone.document["removed"]) > 40
    again = coe("undo", run, "--yes", cwd=applied)
    assert again.code == 2
    assert "undone already" in again.err
    groups = coe("plan", "--env", "dev", "--output", "json", cwd=applied).document
    assert groups["counts"]["create"] > 20


def test_undo_refuses_when_something_foreign_moved_in(applied: Path) -> None:
    plan = coe("plan", "--env", "dev", "--output", "json", cwd=applied).document
    group = next(
        change["resource"]
        for step in plan["steps"]
        for change in step["changes"]
        if change["resource"].rsplit("/", 2)[1] == "resourceGroups"
    )
    stranger = f"{group}/providers/Microsoft.Storage/storageAccounts/stranger?api-version=2024-01-01"
    body = '{"location": "swedencentral", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}'
    assert coe("sandbox", "rest", "put", stranger, "--body", body, cwd=applied).code == 0
    run = coe("runs", "--output", "json", cwd=applied).document["runs"][0]["run"]
    refused = coe("undo", run, "--yes", cwd=applied)
    assert refused.code == 1
    assert "stranger" in refused.err
    drift = coe("drift", "--env", "dev", "--since", run, "--output", "sarif", cwd=applied)
    assert drift.code == 4
    results = drift.document["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["drift-extra"]


def test_doctor_asks_what_apply_asks(fresh: Path) -> None:
    document = coe("doctor", "--env", "dev", "--output", "json", cwd=fresh).document
    assert document["problems"] == 0
    verdicts = {check["name"]: check["verdict"] for check in document["checks"]}
    assert verdicts["permissions"] == "ok"
    assert verdicts["providers"] == "ok"


def test_a_policy_that_keeps_resources_is_told_before_anything_is_deleted(applied: Path) -> None:
    config = coe("config", "--output", "json", cwd=applied).document["settings"]
    (dev,) = [one["value"] for one in config if one["key"] == "environments.dev.subscription"]
    home = f"/subscriptions/{dev}/providers/Microsoft.Authorization"
    rule = {
        "if": {"field": "type", "equals": "Microsoft.KeyVault/vaults"},
        "then": {"effect": "denyAction", "details": {"actionNames": ["delete"]}},
    }
    definition = f"{home}/policyDefinitions/keep"
    for path, properties in (
        (definition, {"displayName": "Keep vaults", "mode": "Indexed", "policyRule": rule}),
        (f"{home}/policyAssignments/keep", {"displayName": "Keep", "policyDefinitionId": definition}),
    ):
        url = f"{path}?api-version=2023-04-01"
        made = coe(
            "sandbox", "rest", "put", url, "--body", json.dumps({"properties": properties}), cwd=applied
        )
        assert made.code == 0, made.out
    before = coe("sandbox", "status", cwd=applied).document["holds"]
    (run,) = coe("runs", "--output", "json", cwd=applied).document["runs"]
    for arguments in (("destroy", "--env", "dev"), ("undo", run["run"])):
        refused = coe(*arguments, "--yes", cwd=applied)
        assert refused.code == 1
        assert "policy: Keep: Keep vaults forbids deleting /subscriptions/" in refused.err
    after = coe("sandbox", "status", cwd=applied).document["holds"]
    assert {**after, "job": 0} == {**before, "job": 0}, "nothing was deleted"
    waived = {"policyAssignmentId": f"{home}/policyAssignments/keep", "exemptionCategory": "Waiver"}
    url = f"{home}/policyExemptions/keep?api-version=2022-07-01-preview"
    body = json.dumps({"properties": waived})
    assert coe("sandbox", "rest", "put", url, "--body", body, cwd=applied).code == 0
    assert coe("undo", run["run"], "--yes", cwd=applied).code == 0


def test_a_policy_that_denies_is_told_before_anything_is_written(workspace: Path) -> None:
    config = coe("config", "--output", "json", cwd=workspace).document["settings"]
    (dev,) = [one["value"] for one in config if one["key"] == "environments.dev.subscription"]
    subscription = f"/subscriptions/{dev}"
    home = f"{subscription}/providers/Microsoft.Authorization"
    rule = {
        "if": {"field": "Microsoft.KeyVault/vaults/sku.name", "equals": "standard"},
        "then": {"effect": "deny"},
    }
    definition = f"{home}/policyDefinitions/hsm"
    for path, properties in (
        (definition, {"displayName": "Vaults in hardware", "mode": "All", "policyRule": rule}),
        (f"{home}/policyAssignments/hsm", {"displayName": "HSM", "policyDefinitionId": definition}),
    ):
        body = json.dumps({"properties": properties})
        url = f"{path}?api-version=2023-04-01"
        assert coe("sandbox", "rest", "put", url, "--body", body, cwd=workspace).code == 0
    told = coe("doctor", "--env", "dev", cwd=workspace)
    assert told.code == 1
    assert "! policy: HSM: Vaults in hardware: /subscriptions/" in told.out
    refused = coe("apply", "--env", "dev", "--yes", cwd=workspace)
    assert refused.code == 3
    assert "Definition 'Vaults in hardware', assigned as 'HSM'" in refused.err
    assert coe("runs", "--output", "json", cwd=workspace).document["runs"] == []


def test_an_environment_that_asks_for_approvals_takes_approved_plans(workspace: Path, edit: Edit) -> None:
    edit(workspace / "coe.yaml", "  dev:\n", "  dev:\n    approvals: [ai-coe-lead]\n")
    refused = coe("apply", "--env", "all", "--yes", cwd=workspace)
    assert refused.code == 3
    assert "approved plan files only" in refused.err
    assert coe("plan", "--env", "dev", "--out", "plan.json", cwd=workspace).code == 0
    assert coe("apply", "plan.json", "--yes", cwd=workspace).code == 3
    assert coe("approve", "plan.json", "--as", "ai-coe-lead", cwd=workspace).code == 0
    done = coe("apply", "plan.json", "--yes", cwd=workspace)
    assert done.code == 0, done.err
