"""A template in two versions, and the edits of a user in between: for tests and comparisons of updates."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

TOP = "{{cookiecutter.repo_name}}"


def body(name: str, *, lines: int = 20) -> str:
    return "".join(f"{name} line {number}\n" for number in range(1, lines + 1))


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def first(folder: Path) -> None:
    """Write version 1.0.0: ten files of each kind that an update can treat differently."""
    write(
        folder,
        {
            "cookiecutter.json": json.dumps({"repo_name": ""}),
            "template.yaml": "id: sample\nversion: 1.0.0\n"
            "ownership: {platform: [platform/*], project: [mine/*]}\n",
            **{f"{TOP}/{name}": body(name) for name in names()},
        },
    )


def names() -> list[str]:
    groups = ("same", "changed", "both", "clash", "moved", "gone", "goneedited", "platform", "mine")
    return [f"{group}/{number}.txt" for group in groups for number in range(5)]


def second(folder: Path) -> None:
    """Turn version 1.0.0 into 1.1.0: changed, moved, deleted and new files."""
    top = folder / TOP
    for number in range(5):
        for group in ("changed", "both", "platform", "mine"):
            replace(top / f"{group}/{number}.txt", " line 18\n", " line 18 of the template\n")
        replace(top / f"clash/{number}.txt", " line 3\n", " line 3 of the template\n")
        replace(top / f"moved/{number}.txt", " line 18\n", " line 18 of the template\n")
        (top / f"gone/{number}.txt").unlink()
        (top / f"goneedited/{number}.txt").unlink()
    (top / "moved").rename(top / "elsewhere")
    write(top, {"new/0.txt": body("new"), "platform/new.txt": body("platform new")})
    text = (folder / "template.yaml").read_text(encoding="utf-8").replace("1.0.0", "1.1.0")
    text += "migrations: [{version: 1.1.0, moves: {moved/: elsewhere/}}]\n"
    (folder / "template.yaml").write_text(text, encoding="utf-8")


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path}: {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def edit(repository: Path) -> list[tuple[str, str]]:
    """Edit 30 places as a user would; return (path after the update, text that must survive there)."""
    kept = []
    for number in range(5):
        for group, line in (
            ("same", 3),
            ("both", 3),
            ("clash", 3),
            ("moved", 3),
            ("goneedited", 3),
            ("mine", 18),
        ):
            path = f"{group}/{number}.txt"
            text = f" line {line} of the user {number}\n"
            replace(repository / path, f" line {line}\n", text)
            kept.append((path.replace("moved/", "elsewhere/"), text))
    return kept


@dataclass(frozen=True)
class Outcome:
    """How an update treated the edits.

    ``false_conflicts`` are where only one side had changed, ``conflicts_in_own_files`` where the project
    owns the file; ``lost`` texts are nowhere in the work tree.
    """

    survived: int
    in_place: int
    clean_merges_right: int
    false_conflicts: int
    conflicts_in_own_files: int
    lost: tuple[str, ...]


def judge(repository: Path, kept: list[tuple[str, str]]) -> Outcome:
    """Look for the user's edits and the template's changes in a repository after an update."""
    texts = {
        path.relative_to(repository).as_posix(): path.read_text(encoding="utf-8", errors="replace")
        for path in repository.rglob("*")
        if path.is_file() and ".git/" not in path.as_posix() and not path.name.endswith(".rej")
    }
    marked = {name for name, text in texts.items() if "<<<<<<<" in text}
    marked |= {
        path.relative_to(repository).as_posix().removesuffix(".rej") for path in repository.rglob("*.rej")
    }
    place = [(path, text) for path, text in kept if text in texts.get(path, "")]
    here = [(path, text) for path, text in kept if any(text in other for other in texts.values())]
    right = [
        group
        for group in ("both", "elsewhere")
        for number in range(5)
        if (text := texts.get(f"{group}/{number}.txt", "")).count("of the template") == 1
        and "of the user" in text
        and f"{group}/{number}.txt" not in marked
    ]
    own = {name for name in marked if name.startswith("mine/")}
    false = {name for name in marked - own if not name.startswith(("clash/", "goneedited/"))}
    lost = tuple(path for path, text in kept if (path, text) not in here)
    return Outcome(len(here), len(place), len(right), len(false), len(own), lost)


def copied(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".git"))
