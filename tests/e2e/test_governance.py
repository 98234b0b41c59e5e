"""What all environments share: the management group's own deployment, applied like one of them."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import coe


def test_governance_and_an_environment_leave_nothing_to_do(workspace: Path) -> None:
    judged = coe("check", "--env", "governance", "--format", "json", cwd=workspace)
    assert (judged.code, judged.document["counts"]["fail"]) == (0, 0)
    assert judged.document["counts"]["pass"] > 0
    assert coe("plan", "--env", "governance", "--exit-code", cwd=workspace).code == 4
    for environment in ("governance", "dev", "governance"):
        applied = coe("apply", "--env", environment, "--yes", cwd=workspace)
        assert applied.code == 0, applied.out + applied.err
    for environment in ("governance", "dev"):
        assert coe("plan", "--env", environment, "--exit-code", cwd=workspace).code == 0
        drift = coe("drift", "--env", environment, cwd=workspace)
        assert drift.code == 0, drift.out
