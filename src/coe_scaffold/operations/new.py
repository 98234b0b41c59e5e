"""Generate files: a workspace, a landing zone, a project repository. Nothing existing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from coe_scaffold import __version__
from coe_scaffold.config.source import Source
from coe_scaffold.config.workspace import load
from coe_scaffold.errors import TargetExistsError
from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.scaffold.landing_zone import FOLDER, landing_zone, places_of
from coe_scaffold.scaffold.manifest import Manifest
from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.workspace import WorkspaceAnswers, render_workspace
from coe_scaffold.scaffold.written import PATH as WRITTEN
from coe_scaffold.scaffold.written import written, written_text

if TYPE_CHECKING:
    from coe_scaffold.ports import FileStore


@dataclass(frozen=True)
class Made:
    """A folder that was written, and its files by relative path, sorted."""

    folder: Path
    files: tuple[str, ...]


def init(folder: Path, answers: WorkspaceAnswers, files: FileStore) -> Made:
    """Write a new workspace.

    Raises TargetExistsError when the folder is not empty, UsageError for answers that cannot be used, and
    ConfigError where ``coe.yaml`` would not be valid with them.
    """
    tree = render_workspace(answers)
    load(folder, Source((folder / "coe.yaml").as_posix(), tree.text("coe.yaml")))
    return _write(folder, tree, files)


def new_landing_zone(settings: Settings, files: FileStore, *, today: date) -> Made:
    """Write ``landing-zone/`` into the workspace; raise TargetExistsError when it is there.

    ``today`` is when the budgets start; left to the deployment, each month would be a change to the last.
    """
    folder = Path(settings.root) / FOLDER
    if folder.is_dir() and any(folder.iterdir()):
        raise TargetExistsError(
            f"{folder} is there already",
            fix="Run 'coe new landing-zone --update': it merges what coe.yaml says now.",
        )
    places = places_of(settings, today=today)
    tree = landing_zone(settings, known=places)
    record = written(tree, places, __version__)
    kept = FileTree({WRITTEN: written_text(record).encode("utf-8")})
    return _write(folder, tree.merge(kept), files)


@dataclass(frozen=True)
class NewRepository:
    """A project repository that is rendered and not written yet; ``folder`` is where it goes."""

    folder: Path
    project: Project
    tree: FileTree


def new_repository(
    settings: Settings,
    name: str,
    manifest: Manifest,
    *,
    answers: Mapping[str, str],
    today: date,
    environments: tuple[str, ...] = (),
) -> NewRepository:
    """Render a project repository beside coe.yaml.

    Raises UsageError for a name or answer that cannot be used, BlockedError for a prohibited use case.
    """
    answers = {"ci": settings.repository.provider, **answers}
    project = new_project(settings, name, manifest.id, answers, environments=environments, manifest=manifest)
    tree = render_project(settings, project, today=today, manifest=manifest, more=manifest.answers(answers))
    return NewRepository(Path(settings.root) / name, project, tree)


def write_repository(new: NewRepository, files: FileStore, *, into: Path | None = None) -> Made:
    """Write a repository; raise TargetExistsError when its folder is not empty.

    ``into`` is a folder that may hold files; the error then names those that would be overwritten, or
    that a link would put elsewhere.
    """
    if into is None:
        return _write(new.folder, new.tree, files)
    taken = [path for path in new.tree.files if (into / path).exists() or linked(into, path)]
    if taken:
        raise TargetExistsError(
            f"{into} has {len(taken)} of these files already",
            detail="\n".join(taken[:20]),
            fix="Commit there and run 'coe repo adopt', which adds only what lacks.",
        )
    for path, content in new.tree.files.items():
        files.write(into / path, content)
        if path in new.tree.executable:
            (into / path).chmod(0o755)
    return Made(into, tuple(new.tree.files))


def linked(folder: Path, path: str) -> bool:
    """Return whether a link lies on the way from a folder to a path below it, or is the path itself."""
    ways = [PurePosixPath(path), *PurePosixPath(path).parents][:-1]
    return any((folder / way).is_symlink() for way in ways)


def _write(folder: Path, tree: FileTree, files: FileStore) -> Made:
    files.write_tree(folder, tree.files, executable=tree.executable)
    return Made(folder, tuple(sorted(tree.files)))
