"""A sandbox's state is counted, exported and taken in elsewhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coe_scaffold.cli.commands.sandbox_import import command
from coe_scaffold.errors import UsageError
from coe_scaffold.sandbox import running
from coe_scaffold.sandbox.transfer import counts, export, read, take_in
from tests.contract.sandbox.place import SEED, SUBSCRIPTIONS, Client

ROOT = f"/subscriptions/{SUBSCRIPTIONS[0]}"


def test_an_exported_estate_is_the_same_elsewhere(tmp_path: Path) -> None:
    with running(tmp_path / "a.db", SEED) as endpoint:
        Client(endpoint).group("rg-kept", tags={"a": "b"})
    assert counts(tmp_path / "a.db")["resourceGroup"] == 1
    text = json.dumps(export(tmp_path / "a.db"))
    take_in(tmp_path / "b.db", read(text, "estate.json"))
    with running(tmp_path / "b.db", SEED) as endpoint:
        found = Client(endpoint).call("GET", f"{ROOT}/resourceGroups/rg-kept")
        assert (found.status, found.body["tags"]) == (200, {"a": "b"})
    assert export(tmp_path / "b.db") == export(tmp_path / "a.db")


def test_only_a_state_that_is_there_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coe.yaml").touch()
    (tmp_path / "estate.json").write_text(json.dumps(export(tmp_path / "none.db")), encoding="utf-8")
    first = CliRunner().invoke(command, ["estate.json", "--no-input"])
    assert first.exit_code == 0, first.exception
    again = CliRunner().invoke(command, ["estate.json", "--no-input"])
    assert isinstance(again.exception, UsageError)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "estate.json:1:2"),
        ("[]", "not an exported sandbox"),
        ('{"format": "coe-scaffold/sandbox-state/v1", "layout": -1, "documents": {}}', "layout -1"),
    ],
)
def test_what_cannot_be_taken_in_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text, "estate.json")
    assert said in caught.value.summary


def test_kinds_of_running_processes_are_not_taken_in(tmp_path: Path) -> None:
    with running(tmp_path / "a.db", SEED):
        pass
    document = json.loads(json.dumps(export(tmp_path / "a.db")))
    document["documents"]["job"] = {"j": {}}
    with pytest.raises(UsageError, match="job"):
        read(json.dumps(document), "estate.json")
