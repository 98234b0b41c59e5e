"""The manifest of a kind, ``template.yaml``: what is asked, who owns which file, what a tier needs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from coe_scaffold.assets import templates
from coe_scaffold.errors import UsageError
from coe_scaffold.model.json import from_text
from coe_scaffold.model.repository import ORGANISATION_FILE

RISK_TIERS = ("minimal", "limited", "high")
"""Risk tiers that generate something, from low to high; ``prohibited`` generates nothing."""


_ANSWERED = ("repo_name", "package_name", "name", "date", "environments", "kind", "organisation")
"""Names of a template that a project answers without a question."""


class Ownership(StrEnum):
    """Who a generated file belongs to after generation.

    A new template version replaces platform files, never touches project files and merges shared ones.
    """

    PLATFORM = "platform"
    PROJECT = "project"
    SHARED = "shared"


@dataclass(frozen=True)
class Question:
    """One answer a kind needs. ``type`` is ``text`` or ``choice``; ``default`` may be empty."""

    id: str
    prompt: str
    type: str = "text"
    default: str = ""
    choices: tuple[str, ...] = ()
    pattern: str = ""
    hint: str = ""

    def problem(self, answer: str) -> str:
        """Return what is wrong with an answer, or an empty string."""
        if not answer.isprintable():
            return f"'{self.id}' holds a line break or another control character"
        if self.type == "choice" and answer not in self.choices:
            close = difflib.get_close_matches(answer, self.choices, n=1)
            meant = f"did you mean '{close[0]}'?" if close else f"choose one of {', '.join(self.choices)}"
            return f"'{self.id}' cannot be '{answer}': {meant}"
        if self.pattern and not re.fullmatch(self.pattern, answer):
            return f"'{self.id}' cannot be '{answer}': {self.hint or 'it must match ' + self.pattern}"
        return ""


@dataclass(frozen=True)
class Migration:
    """What a template version moves and deletes; a path that ends in ``/`` is a whole folder.

    Deletions name files that are a project's own and go all the same while nobody has changed them.
    """

    version: str
    moves: Mapping[str, str] = field(default_factory=dict, hash=False)
    deletions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """One kind. ``ownership`` and ``tiers`` hold globs of paths: who owns a file, which tier it starts at.

    ``layers`` are template folders rendered in turn, the kind's own last: a later file replaces an
    earlier one. ``facts`` is what files of shared layers say about this kind. ``source`` is empty for a
    packaged kind; else the folder or git URL it comes from, ``revision`` its commit, and ``kind`` the
    packaged kind it extends. ``providers`` holds globs of files that only one provider of pipelines
    needs. ``infrastructure`` says whether its repositories have a landing zone.
    """

    id: str
    title: str
    version: str
    summary: str
    folder: Path
    questions: tuple[Question, ...]
    ownership: Mapping[Ownership, tuple[str, ...]] = field(hash=False)
    tiers: Mapping[str, tuple[str, ...]] = field(hash=False)
    layers: tuple[Path, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)
    migrations: tuple[Migration, ...] = ()
    source: str = ""
    revision: str = ""
    kind: str = ""
    infrastructure: bool = True
    providers: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def migrations_since(self, version: str) -> tuple[Migration, ...]:
        """Return the migrations of versions after ``version``, oldest first."""
        since = version_key(version)
        later = [item for item in self.migrations if version_key(item.version) > since]
        return tuple(sorted(later, key=lambda item: version_key(item.version)))

    def owner_of(self, path: str) -> Ownership:
        """Return who owns a generated file; the first glob that matches decides, shared is the default."""
        if path == ORGANISATION_FILE:
            return Ownership.PLATFORM
        for owner, globs in self.ownership.items():
            if any(fnmatchcase(path, glob) for glob in globs):
                return owner
        return Ownership.SHARED

    def needed(self, path: str, risk_tier: str, provider: str = "github") -> bool:
        """Return whether a project of a risk tier, with a provider's pipelines, gets a file."""
        for name, globs in self.providers.items():
            if name != provider and any(fnmatchcase(path, glob) for glob in globs):
                return False
        rank = RISK_TIERS.index(risk_tier)
        return not any(
            fnmatchcase(path, glob)
            for tier, globs in self.tiers.items()
            if RISK_TIERS.index(tier) > rank
            for glob in globs
        )

    def answers(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return an answer to every question, defaults filled in; raise UsageError with all problems."""
        known = {question.id: question for question in self.questions}
        problems = [
            f"'{name}' is no question of the kind '{self.id}'" + _meant(name, known)
            for name in given
            if name not in known
        ]
        answers = {name: given.get(name) or question.default for name, question in known.items()}
        problems += [text for name, question in known.items() if (text := question.problem(answers[name]))]
        if problems:
            raise UsageError(
                f"{len(problems)} answer{'s' if len(problems) > 1 else ''} cannot be used",
                detail="\n".join(problems),
                fix=f"Questions of '{self.id}': {', '.join(known)}.",
            )
        return answers


@cache
def kinds() -> tuple[Manifest, ...]:
    """Return the manifest of every packaged kind, by id."""
    return tuple(kind(path.parent.name) for path in sorted(_root().glob("*/template.yaml")))


@cache
def kind(kind_id: str) -> Manifest:
    """Return one kind; raise UsageError that names the known ones."""
    known = [path.parent.name for path in sorted(_root().glob("*/template.yaml"))]
    if kind_id in known:
        return _load(_root() / kind_id)
    raise UsageError(f"there is no project kind '{kind_id}'", fix=f"Known kinds: {', '.join(known)}.")


def _root() -> Path:
    return templates() / "project"


def _load(folder: Path) -> Manifest:
    """Read one packaged manifest on top of what every kind shares; its own globs come first."""
    data = _read(folder / "template.yaml")
    layers = tuple(_root() / name for name in ("_shared", *data.get("layers", ())))
    return _manifest(folder, data, (*layers, folder))


def template_at(folder: Path, told: Mapping[str, Any], *, source: str, revision: str = "") -> Manifest:
    """Return the manifest of a template that is not packaged: cookiecutter's format, in any folder.

    ``told`` is what its ``template.yaml`` says, if it has one. The key ``extends`` names a packaged kind to
    build upon; its questions are added to the intake's, as are the names in ``cookiecutter.json``. Raises
    UsageError for a template that cannot be used, or one that wants to load Python (``_extensions``).
    """
    names = _names(folder / "cookiecutter.json", source)
    below = kind(told["extends"]) if told.get("extends") else None
    data = {"id": folder.name, "title": folder.name, "version": "0", "summary": "", **told}
    own = {**_asked(names), **told.get("questions", {})}
    facts = {**(below.facts if below else {}), **told.get("facts", {})}
    made = _manifest(
        folder, {**data, "questions": own, "facts": facts}, (*(below.layers if below else ()), folder)
    )
    if names.get("_extensions"):
        raise UsageError(
            f"{source} wants to load Python while it renders",
            detail=f"_extensions: {', '.join(map(str, names['_extensions']))}",
            fix="Templates are rendered in a sandbox: remove _extensions.",
        )
    return replace(
        made,
        source=source,
        revision=revision,
        kind=below.id if below else "",
        infrastructure=below is not None,
    )


def _names(file: Path, source: str) -> Mapping[str, Any]:
    """Return the names and defaults in a cookiecutter.json; raise UsageError when it is none."""
    try:
        if file.is_symlink():
            raise ValueError("it is a link")
        names = from_text(file.read_bytes())
        if not isinstance(names, dict):
            raise ValueError("it holds no object of names and defaults")
    except (OSError, ValueError) as error:
        told = "it is not there" if isinstance(error, FileNotFoundError) else str(error)
        raise UsageError(
            f"{source} is no template",
            detail=f"cookiecutter.json: {told}",
            fix="It needs cookiecutter.json and one folder {{cookiecutter.repo_name}}.",
        ) from error
    return names


def _asked(names: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return questions for the public names of ``cookiecutter.json`` that no project already answers."""
    found: dict[str, Mapping[str, Any]] = {}
    for name, default in names.items():
        if name.startswith("_") or name in _ANSWERED or (isinstance(default, str) and "{{" in default):
            continue
        if isinstance(default, list) and default:
            choices = [str(item) for item in default]
            found[name] = {"prompt": name, "type": "choice", "choices": choices, "default": choices[0]}
        else:
            found[name] = {"prompt": name, "default": str(default)}
    return found


def _manifest(folder: Path, data: Mapping[str, Any], layers: tuple[Path, ...]) -> Manifest:
    every = _every()
    return Manifest(
        id=data["id"],
        title=data["title"],
        version=str(data["version"]),
        summary=data["summary"],
        folder=folder,
        questions=tuple(_questions(every["questions"], data.get("questions", {}))),
        ownership={Ownership(name): globs for name, globs in _globs("ownership", data, every).items()},
        tiers=_globs("tiers", data, every),
        providers=_globs("providers", data, every),
        layers=layers,
        facts=data.get("facts", {}),
        migrations=tuple(_migrations((*every.get("migrations", ()), *data.get("migrations", ())))),
    )


def version_key(version: str) -> tuple[int, ...]:
    """Return a version's numbers, so that 0.10.0 comes after 0.9.0."""
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _migrations(rows: Iterable[Mapping[str, Any]]) -> Iterator[Migration]:
    for row in rows:
        yield Migration(row["version"], row.get("moves", {}), tuple(row.get("deletions", ())))


@cache
def _every() -> Mapping[str, Any]:
    return _read(_root() / "_shared" / "defaults.yaml")


def _read(path: Path) -> Mapping[str, Any]:
    """Return a packaged YAML file; the parser in C is ten times faster than one that knows line numbers."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return data


def _globs(key: str, kind_data: Mapping[str, Any], every: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    own: Mapping[str, list[str]] = kind_data.get(key, {})
    return {name: (*own.get(name, ()), *globs) for name, globs in every[key].items()}


def _questions(rows: list[Mapping[str, Any]], changed: Mapping[str, Mapping[str, Any]]) -> Iterator[Question]:
    """Yield every kind's questions with what a kind changes in them, then the kind's own."""
    known = {row["id"] for row in rows}
    own = [{"prompt": name, **row, "id": name} for name, row in changed.items() if name not in known]
    for row in (*rows, *own):
        merged = {**row, **changed.get(row["id"], {})}
        yield Question(**{**merged, "id": row["id"], "choices": tuple(merged.get("choices", ()))})


def _meant(name: str, known: Mapping[str, Question]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean '{close[0]}'?" if close else ""
