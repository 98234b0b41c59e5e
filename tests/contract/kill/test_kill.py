"""Apply is killed at seeded random moments: it can always be resumed to the same end, or taken back.

A handful of moments in the normal suite; ``COE_KILLS=200`` asks for more.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.contract.kill.place import Place, points

KILLS = int(os.environ.get("COE_KILLS", "4"))
SEED = int(os.environ.get("COE_KILL_SEED", "20261124"))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("kill")
    Place(folder).coe("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws")
    place = Place(folder / "ws")
    place.coe("new", "landing-zone", "--no-input")
    place.coe("new", "project", "claims-chat", "--kind", "rag", "--no-input")
    return place


@pytest.fixture(scope="module")
def undisturbed(fresh: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, float]:
    """A workspace that was applied in peace, and how many seconds that took from the first journal line."""
    place = fresh.copied(tmp_path_factory.mktemp("peace") / "ws")
    place.coe("apply", "--env", "dev", "--yes")
    entries = [json.loads(line) for line in place.journals()[0].read_text().splitlines()]
    start, end = entries[1]["at"], entries[-1]["at"]
    return place, _seconds(end) - _seconds(start)


def test_killed_at_any_moment_apply_is_resumed_to_the_same_end_or_taken_back(
    fresh: Place, undisturbed: tuple[Place, float], tmp_path: Path
) -> None:
    peace, longest = undisturbed
    wanted = peace.state()
    assert len(wanted) > 80
    interrupted = 0
    for number, moment in enumerate(points(KILLS, longest, SEED)):
        place = fresh.copied(tmp_path / str(number))
        running = place.killed(moment, "apply", "--env", "dev", "--yes")
        interrupted += running
        run = place.journals()[0].stem
        listed = json.loads(place.coe("runs", "--output", "json"))["runs"]
        assert [one["run"] for one in listed] == [run]
        if number % 2:
            place.coe("undo", run, "--yes")
            assert place.state() == {}, f"after undo, killed at {moment:.3f} s (seed {SEED})"
            continue
        if listed[0]["resumable"]:
            place.coe("apply", "--env", "dev", "--resume", "--yes")
        assert json.loads(place.coe("runs", "--output", "json"))["runs"][0]["state"] == "done"
        assert place.state() == wanted, f"after resume, killed at {moment:.3f} s (seed {SEED})"
        assert "othing to change" in place.coe("apply", "--env", "dev", "--yes")
    assert interrupted >= KILLS // 3, "the moments came too late to interrupt anything"


def test_killed_on_a_sandbox_that_fails_a_third_of_all_requests(
    fresh: Place, undisturbed: tuple[Place, float], tmp_path: Path
) -> None:
    wanted = undisturbed[0].state()
    for number, moment in enumerate(points(max(1, KILLS // 4), undisturbed[1], SEED + 1)):
        place = fresh.copied(tmp_path / str(number), faults=f"throttle:0.1,error:0.1,reset:0.1,seed:{number}")
        place.killed(moment, "apply", "--env", "dev", "--yes")
        if json.loads(place.coe("runs", "--output", "json"))["runs"][0]["resumable"]:
            place.coe("apply", "--env", "dev", "--resume", "--yes")
        assert place.state() == wanted, f"killed at {moment:.3f} s (seed {SEED + 1})"
        place.coe("undo", place.journals()[0].stem, "--yes")
        assert place.state() == {}


def test_two_applies_at_once_one_wins_and_the_other_says_so(fresh: Place, tmp_path: Path) -> None:
    import subprocess

    from tests.contract.kill.place import COE

    place = fresh.copied(tmp_path / "ws")
    both = [
        subprocess.Popen(
            [str(COE), "apply", "--env", "dev", "--yes"],
            cwd=place.folder,
            env=place.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [(process.communicate(timeout=120), process.returncode) for process in both]
    codes = sorted(code for _, code in ends)
    assert codes == [0, 1]
    loser = next(texts[1] for texts, code in ends if code == 1)
    assert "is writing to this workspace's environments already" in loser
    assert "'coe apply'" in loser
    assert len(place.journals()) == 1
    assert "othing to change" in place.coe("apply", "--env", "dev", "--yes")


def test_the_lock_of_a_killed_process_is_free(fresh: Place, tmp_path: Path) -> None:
    place = fresh.copied(tmp_path / "ws")
    place.killed(0.0, "apply", "--env", "dev", "--yes")
    assert json.loads((place.folder / ".coe" / "lock").read_text())["command"] == "coe apply"
    place.coe("apply", "--env", "dev", "--yes")


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()
