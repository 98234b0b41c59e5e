"""Start-up and rendering against peers, in one run, as ratios.

``coe --help`` against ``python -c pass`` and ``cookiecutter --help``; ``coe new project`` against
cookiecutter rendering the same files, and against copier when it is installed.
Prints one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[1]


def seconds(command: list[str], cwd: Path, *, rounds: int, before: object = None) -> float:
    """Return the median wall time of a command; ``before`` is called ahead of each round."""
    times = []
    for _ in range(rounds):
        if callable(before):
            before()
        start = time.perf_counter()
        subprocess.run(command, cwd=cwd, check=True, capture_output=True, stdin=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def copied(source: Path, target: Path) -> None:
    """Copy a rendered repository as a template without variables, for peers to render."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".git", "__pycache__"))


def measure(rounds: int) -> dict[str, float]:
    """Return seconds by name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        coe = str(BIN / "coe")
        result = {
            "python": seconds([sys.executable, "-c", "pass"], folder, rounds=rounds),
            "coe --help": seconds([coe, "--help"], folder, rounds=rounds),
            "cookiecutter --help": seconds([str(BIN / "cookiecutter"), "--help"], folder, rounds=rounds),
        }
        init = [coe, "init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws"]
        subprocess.run(init, cwd=folder, check=True, capture_output=True)
        workspace, made = folder / "ws", folder / "ws" / "claims-chat"
        new = [coe, "new", "project", "claims-chat", "--kind", "rag", "--no-input", "--no-git"]
        result["coe new project"] = seconds(
            new, workspace, rounds=rounds, before=lambda: shutil.rmtree(made, ignore_errors=True)
        )
        template = folder / "template"
        copied(made, template / "{{cookiecutter.name}}")
        (template / "cookiecutter.json").write_text(
            json.dumps({"name": "claims-chat", "_copy_without_render": [".github/**"]}), encoding="utf-8"
        )
        out = folder / "out"
        result["cookiecutter"] = seconds(
            [str(BIN / "cookiecutter"), str(template), "--no-input", "-o", str(out), "-f"],
            folder,
            rounds=rounds,
        )
        if (BIN / "copier").exists():
            copied(made, folder / "copier")
            peer = [str(BIN / "copier"), "copy", "--quiet", str(folder / "copier"), str(out / "copier")]
            result["copier"] = seconds(
                peer, folder, rounds=rounds, before=lambda: shutil.rmtree(out / "copier", ignore_errors=True)
            )
        return result


def main() -> None:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    times = measure(arguments.rounds)
    ratios = {
        "help_to_python": times["coe --help"] / times["python"],
        "help_to_cookiecutter": times["coe --help"] / times["cookiecutter --help"],
        "new_project_to_cookiecutter": times["coe new project"] / times["cookiecutter"],
    }
    if "copier" in times:
        ratios["new_project_to_copier"] = times["coe new project"] / times["copier"]
    for name, value in times.items():
        print(f"{name:22} {value * 1000:8.0f} ms")
    for name, value in ratios.items():
        print(f"{name:28} {value:6.2f}")
    if arguments.json:
        print(json.dumps({"seconds": times, **ratios}))


if __name__ == "__main__":
    main()
