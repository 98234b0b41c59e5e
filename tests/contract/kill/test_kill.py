"""Apply is killed at seeded random moments: it can always be resumed to the same end, and taken back.

A few moments in the normal suite; ``make kills`` (``COE_KILLS=200``) tries 200 in peace and 200 more on a
sandbox where three requests in ten fail. ``COE_KILL_SEED`` chooses other ones.
"""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coe_scaffold.local.exclusive import exclusive
from tests.contract.kill.bench import KILLED, Bench, Point, bench, points
from tests.contract.kill.foreign import plant
from tests.contract.kill.place import Place, until
from tests.running import TIMEOUT

KILLS = int(os.environ.get("COE_KILLS", "3"))
SEED = int(os.environ.get("COE_KILL_SEED", "20261124"))
FAULTS = "throttle:0.1,error:0.1,reset:0.1"
APPLY = ("apply", "--env", "dev", "--yes")
TRIES = 5
"""How often a process is started to stop it before it ends: once, unless the machine stalls."""
PEACE = 10
"""After how many moments one looks whether a resumed environment has nothing to change."""


class Trial:
    """A workspace on a sandbox where others were first, and how it looks before and after apply."""

    def __init__(self, made: Bench) -> None:
        self.bench = made
        with made.serving():
            plant(made)
        self.start = made.keep()
        self.before = made.state()
        self.counts = dict(made.coe(*APPLY).counts)
        self.wanted = made.state()
        made.coe("undo", made.runs()[0]["run"], "--yes")
        assert made.state() == self.before

    def kill(self, number: int, point: Point, faults: str) -> bool:
        """Kill apply at a moment, then resume it and take it back, in two copies of what it left.

        With an even ``number`` the sandbox outlives the command, as Azure does; with an odd one it dies with
        it in the middle of its work. Returns whether the moment came before the end.
        """
        made = self.bench
        made.set_back(self.start)
        made.faults = f"{faults},seed:{number}" if faults else ""
        with made.serving() if number % 2 == 0 else nullcontext():
            ended = made.coe(*APPLY, kill=point, code=None)
            assert ended.code in (KILLED, 0), ended.out + ended.err
            left = made.keep()
            self.take_back() if number % 4 < 2 else self.resume(number)
        made.set_back(left)
        self.resume(number) if number % 4 < 2 else self.take_back()
        return ended.code == KILLED

    def resume(self, number: int) -> None:
        """Go on with the run, or begin again when it had not begun; the end is as if nothing had happened."""
        listed = self.bench.runs()
        assert len(listed) <= 1
        if not listed:
            self.bench.coe(*APPLY)
        elif listed[0]["resumable"]:
            self.bench.coe(*APPLY, "--resume")
        assert different(self.bench.state(), self.wanted) == {}
        assert [one["state"] for one in self.bench.runs()] == ["done"]
        if number % PEACE == 0:
            assert "othing to change" in self.bench.coe(*APPLY).out

    def take_back(self) -> None:
        """Undo the run, if it had begun; what was there before is there, and nothing else."""
        for one in self.bench.runs():
            self.bench.coe("undo", one["run"], "--yes")
        assert different(self.bench.state(), self.before) == {}


def different(one: dict[str, object], other: dict[str, object]) -> dict[str, object]:
    """Return what two states differ in."""
    return {key: (one.get(key), other.get(key)) for key in one | other if one.get(key) != other.get(key)}


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    with bench(tmp_path_factory.mktemp("kill")) as made:
        yield Trial(made)


@pytest.mark.parametrize("faults", ["", FAULTS], ids=["in peace", "on a sandbox that fails"])
def test_killed_at_any_moment_apply_is_resumed_to_the_same_end_and_taken_back(
    trial: Trial, faults: str
) -> None:
    assert len(trial.wanted) - len(trial.before) > 150
    seed = SEED + bool(faults)
    half = "on a sandbox that fails" if faults else "in peace"
    wrong, interrupted = [], 0
    for number, point in enumerate(points(KILLS, trial.counts, seed)):
        logging.info("%s: %d of %d, %s", half, number + 1, KILLS, point)
        try:
            interrupted += trial.kill(number, point, faults)
        except AssertionError as error:
            wrong.append(f"{number}: {point} (seed {seed}): {error}")
            logging.warning(wrong[-1])
    assert not wrong, f"{len(wrong)} of {KILLS}:\n" + "\n".join(wrong)
    assert interrupted >= KILLS * 2 // 3, "the moments came too late to interrupt anything"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("place")
    Place(folder).coe("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws")
    place = Place(folder / "ws")
    place.coe("new", "landing-zone", "--no-input")
    return place


def test_a_real_process_killed_from_outside_is_resumed(fresh: Place, tmp_path: Path) -> None:
    peace = fresh.copied(tmp_path / "peace")
    peace.coe(*APPLY)
    for number in range(TRIES):
        place = fresh.copied(tmp_path / f"ws{number}")
        code, _ = place.stopped(signal.SIGKILL, *APPLY)
        if code:
            break
    assert code == -signal.SIGKILL
    assert json.loads((place.folder / ".coe" / "lock").read_text())["command"] == "coe apply"
    place.coe(*APPLY, "--resume")
    assert place.state() == peace.state()


def test_ctrl_c_during_apply_leaves_a_journal_and_a_way_on(fresh: Place, tmp_path: Path) -> None:
    for number in range(TRIES):
        place = fresh.copied(tmp_path / f"ws{number}")
        code, complaint = place.stopped(signal.SIGINT, *APPLY)
        if code:
            break
    assert code == 130, complaint
    assert "Traceback" not in complaint
    assert len(place.journals()) == 1
    assert "coe apply" in complaint
    place.coe(*APPLY)
    assert "othing to change" in place.coe(*APPLY)


def test_two_applies_at_once_one_wins_and_the_other_says_so(fresh: Place, tmp_path: Path) -> None:
    """Whoever wins is held until the other has ended, so that it cannot be done before that begins."""
    place = fresh.copied(tmp_path / "ws")
    both = {process.pid: process for process in (place.started(*APPLY), place.started(*APPLY))}
    until(place.holder)
    winner = both.pop(place.holder() or 0)
    winner.send_signal(signal.SIGSTOP)
    (loser,) = both.values()
    _, complaint = loser.communicate(timeout=TIMEOUT)
    winner.send_signal(signal.SIGCONT)
    _, said = winner.communicate(timeout=TIMEOUT)
    assert (winner.returncode, loser.returncode) == (0, 1), said + complaint
    assert "is writing to this workspace's environments already" in complaint
    assert "'coe apply'" in complaint
    assert len(place.journals()) == 1
    assert "othing to change" in place.coe(*APPLY)


@pytest.mark.parametrize(
    "command",
    [
        ("apply", "--env", "test", "--yes"),
        ("apply", "--env", "all", "--yes"),
        ("apply", "--resume", "--yes"),
        ("undo", "20261124T020000-dev", "--yes"),
        ("destroy", "--env", "prod", "--yes"),
    ],
    ids=" ".join,
)
def test_nobody_writes_to_any_environment_while_another_does(fresh: Place, command: tuple[str, ...]) -> None:
    lock = fresh.folder / ".coe" / "lock"
    with exclusive(lock, "coe apply", datetime.now(UTC)) as note:
        note("20261124T010000-dev")
        complaint = fresh.complaint(*command)
    assert "is writing to this workspace's environments already" in complaint
    assert "run 20261124T010000-dev" in complaint
    assert fresh.journals() == []
