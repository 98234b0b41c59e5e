"""What all environments share: the management group's own deployment, applied like one of them."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.conftest import coe


def test_governance_and_an_environment_leave_nothing_to_do(workspace: Path) -> None:
    judged = coe("check", "--env", "governance", "--format", "json", cwd=workspace)
    assert (judged.code, judged.document["counts"]["fail"]) == (0, 0)
    assert judged.document["counts"]["pass"] > 0
    assert coe("plan", "--env", "governance", "--exit-code", cwd=workspace).code == 4
    refused = coe("apply", "--env", "governance", "--yes", cwd=workspace)
    assert refused.code == 3
    assert "ai-coe-lead, compliance-officer" in refused.err
    coe("plan", "--env", "governance", "--out", "plan.json", cwd=workspace)
    for function in ("ai-coe-lead", "compliance-officer"):
        assert coe("approve", "plan.json", "--as", function, cwd=workspace).code == 0
    for arguments in (("plan.json",), ("--env", "dev")):
        applied = coe("apply", *arguments, "--yes", cwd=workspace)
        assert applied.code == 0, applied.out + applied.err
    for environment in ("governance", "dev"):
        assert coe("plan", "--env", environment, "--exit-code", cwd=workspace).code == 0
        drift = coe("drift", "--env", environment, cwd=workspace)
        assert drift.code == 0, drift.out
