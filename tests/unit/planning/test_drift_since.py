"""Drift since a run: only of what the run had settled."""

from __future__ import annotations

from coe_scaffold.model.plan import Action, Plan
from coe_scaffold.model.resources import ChangeType
from coe_scaffold.planning import combine, deployment_steps
from coe_scaffold.planning.drift import drift, since
from coe_scaffold.report.drift_sarif import sarif
from tests.fakes.plans import FOUNDRY, PROJECT, STORAGE, USER, assign, change, deployment


def plan(*changes: object, action: Action = Action.CREATE) -> Plan:
    made = deployment_steps([(deployment("x", PROJECT), changes)])  # type: ignore[list-item]
    return combine("dev", "sandbox", made, [assign(FOUNDRY, USER, action=action)])


def test_what_the_files_declare_only_since_then_is_left_out() -> None:
    applied = plan(change(STORAGE))
    now = drift(plan(change(STORAGE), change(FOUNDRY), change(PROJECT, ChangeType.NO_CHANGE)))
    assert {entry.scope for entry in now} == {STORAGE, FOUNDRY}
    kept = since(now, [applied])
    assert [(entry.subject.value, entry.scope) for entry in kept] == [
        ("resource", STORAGE),
        ("assignment", FOUNDRY),
    ]


def test_extra_things_always_count() -> None:
    stranger = PROJECT.child("Microsoft.Web/sites", "shadow")
    now = drift(plan(change(PROJECT, ChangeType.NO_CHANGE), change(stranger, ChangeType.IGNORE)))
    assert stranger in {entry.scope for entry in since(now, [plan()])}


def test_sarif_knows_each_difference_again() -> None:
    entries = drift(plan(change(STORAGE)))
    log = sarif({"dev": entries}, version="1")
    results = log["runs"][0]["results"]
    assert [one["ruleId"] for one in results] == ["drift-missing"] * 2
    assert len({one["partialFingerprints"]["drift/v1"] for one in results}) == 2
    assert log == sarif({"dev": entries}, version="1")
    two = sarif({"dev": entries, "test": entries}, version="1")
    marks = [one["partialFingerprints"]["drift/v1"] for one in two["runs"][0]["results"]]
    assert (len(two["runs"]), len(set(marks))) == (1, 4)
