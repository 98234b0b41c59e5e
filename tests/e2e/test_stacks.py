"""Deployment stacks as a user meets them: settings, plan, deletions, destroy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.e2e.conftest import coe

STACKS = "/providers/Microsoft.Resources/deploymentStacks"


def stack_changes(folder: Path) -> dict[str, Any]:
    plan = coe("plan", "--env", "dev", "--output", "json", cwd=folder).document
    return {
        change["resource"].rpartition("/")[2]: change
        for step in plan["steps"]
        for change in step["changes"]
        if STACKS in change["resource"]
    }


def test_stacks_are_made_changed_only_in_the_open_and_removed_at_the_end(applied: Path) -> None:
    assert {name: one["change"] for name, one in stack_changes(applied).items()} == {
        "coe-platform-dev": "NoChange",
        "coe-claims-chat-dev": "NoChange",
    }
    settings = applied / "coe.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\nstacks: {denySettings: {mode: denyDelete}}\n", encoding="utf-8")
    widened = stack_changes(applied)["coe-platform-dev"]
    assert widened["change"] == "Modify"
    assert [(one["path"], one["before"], one["after"]) for one in widened["delta"]] == [
        ("properties.denySettings.mode", "none", "denyDelete")
    ]
    drift = coe("drift", "--env", "dev", cwd=applied)
    assert drift.code == 4
    assert "deployment stack coe-platform-dev" in drift.out
    settings.write_text(text, encoding="utf-8")
    destroyed = coe("destroy", "--env", "dev", "--yes", "--output", "json", cwd=applied)
    assert destroyed.code == 0, destroyed.err
    assert {"Deployment stack coe-platform-dev", "Deployment stack coe-claims-chat-dev"} <= set(
        destroyed.document["removed"]
    )
    subscription = next(iter(_subscriptions(applied)))
    left = coe("sandbox", "rest", "get", f"{subscription}{STACKS}?api-version=2025-07-01", cwd=applied)
    assert json.loads(left.out)["value"] == []


def _subscriptions(folder: Path) -> list[str]:
    found = coe("sandbox", "rest", "get", "/subscriptions?api-version=2022-12-01", cwd=folder)
    return [str(item["id"]) for item in json.loads(found.out)["value"]]
