"""How long ``coe check`` takes for the full landing zone and a project in three environments, start included.

Measured with the templates that an earlier run compiled, as somebody meets it who edits parameters, and with
everything compiled anew, as after a change of every Bicep file. Where ``make judges`` was run, checkov judges
the same resources in the same run, as a ratio of wall times.
Prints one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from coe_scaffold.cli.context import open_workspace  # noqa: E402
from coe_scaffold.operations.predict import predict, whole_graph  # noqa: E402
from tests.judges.flattened import flattened  # noqa: E402
from tests.judges.judging import PYTHON, WORKER, available  # noqa: E402

BAR = 1.0
"""Seconds for three environments, start of the process included."""

ENVIRONMENTS = ("dev", "test", "prod")
COE = (sys.executable, "-m", "coe_scaffold")


def made(folder: Path) -> Path:
    """Return a workspace with a landing zone and a project."""
    place = folder / "ws"
    for arguments, where in (
        (("init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws"), folder),
        (("new", "landing-zone", "--no-input"), place),
        (("new", "project", "claims-chat", "--kind", "rag", "--no-input"), place),
    ):
        ran = subprocess.run([*COE, *arguments], cwd=where, check=False, capture_output=True, text=True)
        if ran.returncode:
            raise SystemExit(f"coe {' '.join(arguments)} failed: {ran.stderr}")
    return place


def timed(command: list[str], cwd: Path, runs: int, *, anew: bool = False) -> tuple[list[float], str]:
    """Return the wall seconds of each run after a first one that warms caches, and the last output.

    With ``anew`` no run finds what another kept in the user's cache folder.
    """
    seconds, output = [], ""
    for number in range(runs + 1):
        environ = {**os.environ, "XDG_CACHE_HOME": str(cwd / f".cache-{number}")} if anew else None
        started = time.perf_counter()
        ran = subprocess.run(command, cwd=cwd, env=environ, check=False, capture_output=True, text=True)
        if ran.returncode:
            raise SystemExit(f"{' '.join(command)} failed: {ran.stderr}")
        if number:
            seconds.append(time.perf_counter() - started)
        output = ran.stdout
    return seconds, output


def checkov(place: Path, runs: int) -> dict[str, Any]:
    """Return checkov's times and records for the same resources, flat and evaluated for it."""
    workplace = open_workspace(place)
    with tempfile.TemporaryDirectory() as folder:
        for name in ENVIRONMENTS:
            targets = predict(workplace.settings, name, workplace.compiler, workplace.clock)
            template = json.dumps(flattened(whole_graph(targets)), indent=1)
            Path(folder, f"{name}.json").write_text(template, encoding="utf-8")
        seconds, output = timed([str(PYTHON), str(WORKER), folder], place, runs)
    found = json.loads(output)
    records = sum(len(item["failed"]) + len(item["passed"]) for item in found.values())
    if not records:
        raise SystemExit("checkov judged nothing")
    return {"best": min(seconds), "median": statistics.median(seconds), "verdicts": records}


def measure(runs: int) -> dict[str, Any]:
    """Return everything measured."""
    os.environ.setdefault("CI", "true")
    with tempfile.TemporaryDirectory() as folder:
        place = made(Path(folder))
        command = [*COE, "check", "--env", "all", "--output", "json"]
        seconds, output = timed(command, place, runs)
        compiling, _ = timed(command, place, runs, anew=True)
        document = json.loads(output)
        result: dict[str, Any] = {
            "benchmark": "check",
            "environments": len(document["units"]),
            "resources": sum(unit["resources"] for unit in document["units"]),
            "verdicts": len(document["findings"]),
            "best": min(seconds),
            "median": statistics.median(seconds),
            "compilingAnew": statistics.median(compiling),
            "bar": BAR,
            "within": min(seconds) < BAR,
            "checkov": checkov(place, runs) if available() else None,
        }
    if result["checkov"]:
        result["checkovTimesSlower"] = result["checkov"]["median"] / result["median"]
    return result


def main() -> int:
    """Print what was measured; 1 when it is over the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    result = measure(given.runs)
    print(
        f"coe check, {result['environments']} environments, {result['resources']} resources, "
        f"{result['verdicts']} verdicts: {result['best']:.2f} s best, {result['median']:.2f} s median "
        f"(bar {BAR:.1f} s), {result['compilingAnew']:.2f} s median when everything is compiled anew"
    )
    other = result["checkov"]
    if other:
        print(
            f"checkov on the same resources, already evaluated: {other['verdicts']} verdicts, "
            f"{other['median']:.2f} s median, {result['checkovTimesSlower']:.1f} times as long"
        )
    else:
        print("checkov is not installed: run 'make judges' to compare")
    if given.json:
        print(json.dumps(result))
    return 0 if result["within"] else 1


if __name__ == "__main__":
    sys.exit(main())
