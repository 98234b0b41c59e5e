"""What Azure refuses in the middle of a run: told with cause, fix and correlation id, journalled, resumed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Ran, coe

CAUSES = (
    ("refuse:Microsoft.Network/natGateways=OperationNotAllowed", "OperationNotAllowed", "more quota"),
    (
        "refuse:Microsoft.Network/virtualNetworks=MissingSubscriptionRegistration",
        "MissingSubscriptionRegistration",
        "coe doctor --env ENV --register",
    ),
    (
        "refuse:Microsoft.Storage/storageAccounts=RequestDisallowedByPolicy",
        "RequestDisallowedByPolicy",
        "ask its owner for an exemption",
    ),
    ("refuse:Microsoft.Consumption/budgets=QuotaExceeded", "QuotaExceeded", "more quota"),
    ("expired:1,after:{}", "ExpiredAuthenticationToken", "az login"),
)
"""Fault, ARM's code, and words of the fix: each is met by the run that the one before it interrupted."""

REQUESTS = (34, 44, 54)
"""After how many a token expires: the first of these that are more than what comes before the first write."""


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """A workspace with a landing zone alone."""
    for arguments in (
        ("init", "--name", "Contoso", "--prefix", "cto", "--dir", "ws"),
        ("new", "landing-zone"),
    ):
        made = coe(*arguments, "--no-input", cwd=tmp_path if arguments[0] == "init" else tmp_path / "ws")
        assert made.code == 0, made.err
    return tmp_path / "ws"


def apply(folder: Path, *arguments: str, faults: str = "") -> Ran:
    environ = {"COE_SANDBOX__FAULTS": faults}
    return coe("apply", "--env", "dev", "--yes", "--output", "json", *arguments, cwd=folder, env=environ)


def ended(folder: Path) -> list[dict[str, object]]:
    """Return the last journal entry of every step that began, and fail when one has no end."""
    (journal,) = (folder / ".coe" / "runs").glob("*.jsonl")
    entries = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    last = {one["step"]: one for one in entries if one.get("step") and one["event"] != "progress"}
    assert last
    assert not [name for name, one in last.items() if one["event"] == "started"], "a step without an end"
    return list(last.values())


def test_every_cause_is_told_and_the_same_run_goes_on_once_it_is_gone(landing: Path) -> None:
    run = ""
    for number, (faults, code, fix) in enumerate(CAUSES):
        for requests in REQUESTS:
            failed = apply(landing, *(["--resume"] if number else []), faults=faults.format(requests))
            if failed.code != 1:
                break
        assert failed.code == 5, f"{faults}: {failed.out}{failed.err}"
        run = run or failed.document["run"]
        assert failed.document["run"] == run
        told = failed.document["failures"]
        assert {one["code"] for one in told} == {code}
        assert all(fix in one["fix"] and "\n" not in one["fix"] + one["cause"] for one in told)
        assert all(len(one["correlationId"]) == 36 for one in told)
        kept = [one for one in ended(landing) if one["event"] == "failed"]
        assert {one["step"] for one in kept} == {one["step"] for one in told}
        (known,) = coe("runs", "--output", "json", cwd=landing).document["runs"]
        assert known["resumable"]
        assert {one["step"] for one in told} <= {one["step"] for one in known["left"]}
    finished = apply(landing, "--resume")
    assert finished.code == 0, finished.err
    assert finished.document["run"] == run
    assert [one["state"] for one in coe("runs", "--output", "json", cwd=landing).document["runs"]] == ["done"]
    assert coe("plan", "--env", "dev", "--exit-code", cwd=landing).code == 0
