"""Updates of a repository with thirty edits of a user: coe, copier and cruft on the same files, in one run.

Peers are taken from PATH, or from the folder given with ``--peers``; one that is not installed is named and
left out. Prints a table, and one JSON object as its last line with ``--json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from tests.fakes import versions  # noqa: E402

COE = Path(sys.executable).parent / "coe"
IDENTITY = ("-c", "user.name=Ada", "-c", "user.email=ada@contoso.example", "-c", "protocol.file.allow=always")


def run(command: list[str], folder: Path, *, check: bool = True) -> None:
    """Run a command quietly; show its words when it fails and ``check`` is set."""
    environ = {**os.environ, "CI": "true"}
    for number, pair in enumerate(zip(IDENTITY[1::2], strict=True)):
        key, _, value = pair[0].partition("=")
        environ |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    environ["GIT_CONFIG_COUNT"] = str(len(IDENTITY) // 2)
    result = subprocess.run(
        command, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if check and result.returncode:
        raise SystemExit(f"{' '.join(command)}\n{result.stdout}{result.stderr}")


def commit(folder: Path, tag: str = "") -> None:
    """Commit all of a folder, as a repository of its own, and tag it."""
    if not (folder / ".git").exists():
        run(["git", "init", "--quiet", "--initial-branch=main"], folder)
    run(["git", "add", "--all"], folder)
    run(["git", "commit", "--quiet", "--allow-empty", "--message", tag or "edits"], folder)
    if tag:
        run(["git", "tag", tag], folder)


def compare(
    home: Path,
    start: Callable[[Path, Path], None],
    update: Callable[[Path], None],
    extra: dict[str, str] | None = None,
) -> versions.Outcome:
    """Generate, edit, update to the second version, and judge what came of the edits."""
    template, repository = home / "template", home / "ws" / "sample-repo"
    repository.parent.mkdir(parents=True, exist_ok=True)
    versions.first(template)
    versions.write(template, extra or {})
    commit(template, "v1.0.0")
    start(template, repository)
    commit(repository)
    kept = versions.edit(repository)
    commit(repository)
    versions.second(template)
    commit(template, "v1.1.0")
    update(repository)
    return versions.judge(repository, kept)


def coe(home: Path) -> versions.Outcome:
    """Return the outcome of coe-scaffold."""
    run([str(COE), "init", "--no-input", "--name", "Contoso", "--prefix", "cto", "--dir", "ws"], home)

    def start(template: Path, repository: Path) -> None:
        new = ["new", "project", repository.name, "--template", str(template), "--no-input"]
        run([str(COE), *new], repository.parent)

    return compare(home, start, lambda repository: run([str(COE), "repo", "update"], repository, check=False))


def copier(home: Path, program: str) -> versions.Outcome:
    """Return the outcome of copier."""
    raw = "{% raw %}" + versions.TOP + "{% endraw %}"
    copy = [program, "copy", "--quiet", "--defaults", "--vcs-ref=v1.0.0"]
    return compare(
        home,
        lambda template, repository: run([*copy, str(template), str(repository)], home),
        lambda repository: run(
            [program, "update", "--quiet", "--defaults", "--conflict=inline"], repository, check=False
        ),
        {
            "copier.yml": f'_subdirectory: "{raw}"\nrepo_name: sample-repo\n',
            f"{versions.TOP}/{{{{ _copier_conf.answers_file }}}}.jinja": "{{ _copier_answers|to_nice_yaml }}",
        },
    )


def cruft(home: Path, program: str) -> versions.Outcome:
    """Return the outcome of cruft."""
    context = json.dumps({"repo_name": "sample-repo"})
    return compare(
        home,
        lambda template, repository: run(
            [program, "create", "--no-input", "--extra-context", context, template.as_uri()],
            repository.parent,
        ),
        lambda repository: run([program, "update", "--skip-apply-ask"], repository, check=False),
    )


def main() -> None:
    """Print what became of the edits with each tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="folder with the programs copier and cruft")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as name:
        places = {tool: Path(name) / tool for tool in ("coe", "copier", "cruft")}
        for tool, home in places.items():
            home.mkdir()
            program = str(COE) if tool == "coe" else shutil.which(tool, path=arguments.peers)
            if program is None:
                print(f"SKIPPED: {tool} is not installed")
                continue
            outcome = coe(home) if tool == "coe" else {"copier": copier, "cruft": cruft}[tool](home, program)
            results[tool] = {**asdict(outcome), "lost": len(outcome.lost)}
    print("of 30 edits   survive  in place  merged of 10  false conflicts  in own files  lost")
    for tool, row in results.items():
        print(
            f"{tool:12} {row['survived']:8} {row['in_place']:9} {row['clean_merges_right']:13} "
            f"{row['false_conflicts']:16} {row['conflicts_in_own_files']:13} {row['lost']:5}"
        )
    if arguments.json:
        print(json.dumps(results))


if __name__ == "__main__":
    main()
