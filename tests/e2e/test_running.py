"""A forked process is what a process of its own would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.running import coe


@pytest.mark.parametrize(
    ("arguments", "location", "code"),
    [
        (("check", "--env", "dev", "--output", "json"), "swedencentral", 0),
        (("check", "--env", "dev"), "nowhere", 2),
        (("no-such-command",), "swedencentral", 2),
    ],
)
def test_both_print_the_same(
    arguments: tuple[str, ...], location: str, code: int, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {"COE_LOCATIONS__DEFAULT": location}
    forked = coe(*arguments, cwd=workspace, env=given)
    monkeypatch.setenv("COE_REAL_PROCESSES", "1")
    assert forked == coe(*arguments, cwd=workspace, env=given)
    assert forked.code == code, forked.err
    assert forked.out if code == 0 else forked.err
