"""Start-up and rendering against peers, in one run, as ratios.

``coe --help`` against ``python -c pass`` and ``cookiecutter --help``; ``coe new project --kind rag`` against
cookiecutter and copier, each as a process of its own that writes the same files. The peers get those files as
a template without expressions, which is less work than ``coe`` has: it fills in answers and hashes each file.
What its templates compile to is kept from the run before, as everybody's Python modules are; the row
"first run" is without. Nobody runs git in these rows; one more row says what the first commit costs. Rounds
take turns, so that load meets everybody.

Peers are taken from beside Python, or from the folder given with ``--peers``; one that is not installed is
named and left out. Prints one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
COE = (sys.executable, "-m", "coe_scaffold")
NEW = ("new", "project", "claims-chat", "--kind", "rag", "--no-input")


@dataclass(frozen=True)
class Job:
    """A command, where it runs, and the folder it makes; that folder is removed before each round.

    ``temporary`` is a folder for temporary files of its own, which is emptied before each round.
    """

    command: tuple[str, ...]
    folder: Path
    makes: Path | None = None
    temporary: Path | None = None

    def seconds(self) -> float:
        """Run once and return the wall time."""
        if self.makes:
            shutil.rmtree(self.makes, ignore_errors=True)
        environment = dict(os.environ)
        if self.temporary:
            shutil.rmtree(self.temporary, ignore_errors=True)
            self.temporary.mkdir()
            environment["TMPDIR"] = str(self.temporary)
        start = time.perf_counter()
        result = subprocess.run(
            self.command, cwd=self.folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL
        )
        taken = time.perf_counter() - start
        if result.returncode:
            raise SystemExit(f"{' '.join(self.command)}\n{result.stdout.decode()}{result.stderr.decode()}")
        return taken


def hashes(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a repository by path, without git's own."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def jobs(home: Path, peers: Path) -> dict[str, Job]:
    """Return every job by name; a workspace and the peers' templates are made in ``home``."""
    workspace, made = home / "ws", home / "ws" / "claims-chat"
    init = (*COE, "init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws")
    Job(init, home).seconds()
    found = {
        "python": Job((sys.executable, "-c", "pass"), home),
        "coe --help": Job((*COE, "--help"), home),
        "coe new project": Job((*COE, *NEW, "--no-git"), workspace, made),
        "coe new project, first run": Job((*COE, *NEW, "--no-git"), workspace, made, home / "temporary"),
        "coe new project, with git": Job((*COE, *NEW), workspace, made),
    }
    found["coe new project"].seconds()
    ignored = shutil.ignore_patterns(".git", "__pycache__")
    if program := shutil.which("cookiecutter", path=peers):
        template = home / "cookiecutter"
        shutil.copytree(made, template / "{{cookiecutter.name}}", ignore=ignored)
        answers = {"name": "claims-chat", "_copy_without_render": [".github/**"]}
        (template / "cookiecutter.json").write_text(json.dumps(answers), encoding="utf-8")
        out = home / "by-cookiecutter"
        command = (program, str(template), "--no-input", "--output-dir", str(out))
        found["cookiecutter --help"] = Job((program, "--help"), home)
        found["cookiecutter"] = Job(command, home, out / "claims-chat")
    if program := shutil.which("copier", path=peers):
        shutil.copytree(made, home / "copier", ignore=ignored)
        out = home / "by-copier"
        found["copier"] = Job((program, "copy", "--quiet", str(home / "copier"), str(out)), home, out)
    return found


def measure(rounds: int, peers: Path) -> tuple[dict[str, float], int]:
    """Return the median seconds by name, and how many files each generator wrote."""
    with tempfile.TemporaryDirectory() as name:
        todo = jobs(Path(name), peers)
        expected = hashes(Path(name) / "ws" / "claims-chat")
        times: dict[str, list[float]] = {job: [] for job in todo}
        for _ in range(rounds):
            for job, run in todo.items():
                times[job].append(run.seconds())
        for job, run in todo.items():
            if run.makes and hashes(run.makes) != expected:
                raise SystemExit(f"{job} did not write the same files")
    return {job: statistics.median(row) for job, row in times.items()}, len(expected)


def main() -> None:
    """Print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peers", type=Path, default=BIN, help="folder with cookiecutter and copier")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    times, files = measure(arguments.rounds, arguments.peers)
    pairs = {
        "help_to_python": ("coe --help", "python"),
        "help_to_cookiecutter": ("coe --help", "cookiecutter --help"),
        "new_project_to_cookiecutter": ("coe new project", "cookiecutter"),
        "first_new_project_to_cookiecutter": ("coe new project, first run", "cookiecutter"),
        "new_project_to_copier": ("coe new project", "copier"),
    }
    ratios = {name: times[ours] / times[peer] for name, (ours, peer) in pairs.items() if peer in times}
    print(f"every generator wrote the same {files} files; git only where it says so")
    for name, value in times.items():
        print(f"{name:33} {value * 1000:8.0f} ms")
    for name, value in ratios.items():
        print(f"{name:33} {value:8.2f}")
    for name in pairs.keys() - ratios.keys():
        print(f"SKIPPED: {name}: its peer is not in {arguments.peers}")
    if arguments.json:
        print(json.dumps({"seconds": times, "files": files, **ratios}))


if __name__ == "__main__":
    main()
