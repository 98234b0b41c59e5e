"""What a run tells of what was left to somebody else."""

from __future__ import annotations

from coe_scaffold.execution import RunOutcome
from coe_scaffold.execution.outcome import Failure
from coe_scaffold.report.outcome import document, nothing, nothing_text, text

MANY = tuple(f"Role {number}" for number in range(10))
FAILED = Failure("deploy/x", "Deploy x", "no quota", "Ask for more.")


def test_a_run_whose_rest_is_left_to_somebody_is_applied_in_part() -> None:
    result = RunOutcome("r1", "dev", succeeded=("deploy/x",), left_out=MANY)
    assert result.complete
    assert result.exit_code == document(result)["exitCode"] == 5
    assert document(result)["leftOut"] == list(MANY)
    told = text(result)
    assert "applied in part, the rest is left to an administrator (run r1" in told
    assert "Left to an administrator (10)\n  Role 0\n" in told
    assert told.endswith("  Role 7\n  and 2 more")


def test_a_failure_counts_more_than_what_is_left_to_somebody() -> None:
    nothing_made = RunOutcome("r1", "dev", failures=(FAILED,), left_out=MANY)
    assert (nothing_made.complete, nothing_made.exit_code) == (False, 1)
    some_made = RunOutcome("r1", "dev", succeeded=("deploy/y",), failures=(FAILED,), left_out=MANY)
    assert (some_made.complete, some_made.exit_code) == (False, 5)
    assert "dev: applied in part (run r1" in text(some_made)


def test_nothing_to_change_is_only_done_when_nothing_is_left_to_somebody() -> None:
    assert nothing("dev")["exitCode"] == 0
    assert nothing_text("dev") == "Nothing to change in dev."
    assert (nothing("dev", MANY)["exitCode"], nothing("dev", MANY)["leftOut"]) == (5, list(MANY))
    assert nothing_text("dev", MANY).startswith("Nothing to change in dev that you may change.\nLeft to an")
