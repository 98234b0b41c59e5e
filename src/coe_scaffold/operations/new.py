"""Generate files: a workspace, a landing zone, a project repository. Nothing existing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from coe_scaffold.model.settings import Project, Settings
from coe_scaffold.ports import FileStore
from coe_scaffold.scaffold.landing_zone import landing_zone
from coe_scaffold.scaffold.project import new_project, render_project
from coe_scaffold.scaffold.tree import FileTree
from coe_scaffold.scaffold.workspace import WorkspaceAnswers, render_workspace


@dataclass(frozen=True)
class Made:
    """A folder that was written, and its files by relative path, sorted."""

    folder: Path
    files: tuple[str, ...]


def init(folder: Path, answers: WorkspaceAnswers, files: FileStore) -> Made:
    """Write a new workspace; raise TargetExistsError when the folder is not empty."""
    return _write(folder, render_workspace(answers), files)


def new_landing_zone(settings: Settings, files: FileStore, *, today: date) -> Made:
    """Write ``landing-zone/`` into the workspace; raise TargetExistsError when it is there.

    ``today`` is when the budgets start; left to the deployment, each month would be a change to the last.
    """
    return _write(Path(settings.root) / "landing-zone", landing_zone(settings, today=today), files)


def project_tree(settings: Settings, project: Project, today: date) -> FileTree:
    """Return a whole project repository: the kind's files and the project's landing zone in ``infra/``."""
    return render_project(settings, project, today=today)


def new_repository(
    settings: Settings,
    name: str,
    kind: str,
    *,
    answers: Mapping[str, str],
    environments: tuple[str, ...],
    today: date,
    files: FileStore,
) -> Made:
    """Write a project repository beside coe.yaml; raise TargetExistsError when the folder is not empty.

    Raises UsageError for a name, kind or answer that cannot be used, BlockedError for a prohibited use case.
    """
    project = new_project(settings, name, kind, answers, environments=environments)
    return _write(Path(settings.root) / name, project_tree(settings, project, today), files)


def _write(folder: Path, tree: FileTree, files: FileStore) -> Made:
    files.write_tree(folder, tree.files, executable=tree.executable)
    return Made(folder, tuple(sorted(tree.files)))
