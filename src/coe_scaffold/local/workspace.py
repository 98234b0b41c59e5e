"""Find a workspace on disk: the folder with coe.yaml, and the project.yaml files directly below it.

Or the repository of one project without a workspace around it: project.yaml, and the coe.yaml it carries.
"""

from __future__ import annotations

from pathlib import Path

from coe_scaffold.config.source import Source
from coe_scaffold.errors import UsageError
from coe_scaffold.model.repository import ORGANISATION_FILE

WORKSPACE_FILE = "coe.yaml"
PROJECT_FILE = "project.yaml"

_START_ONE = "Run 'coe init' to start a workspace, or go to one with --workspace."


def nearest_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that has a coe.yaml; None without one."""
    return _nearest(start, WORKSPACE_FILE)


def repository_alone(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that is a project's repository outside a workspace."""
    root = _nearest(start, PROJECT_FILE)
    carries = root is not None and (root / ORGANISATION_FILE).is_file()
    return root if carries and nearest_root(start) is None else None


def _nearest(start: Path, name: str) -> Path | None:
    start = start.resolve()
    return next((one for one in (start, *start.parents) if (one / name).is_file()), None)


def find_root(start: Path, *, fix: str = "") -> Path:
    """Return the nearest folder at or above ``start`` that has a coe.yaml.

    Raises UsageError without one; ``fix`` says what to do then.
    """
    root = nearest_root(start)
    if root is None:
        raise UsageError(
            f"there is no {WORKSPACE_FILE} in {start.resolve()} or above it",
            fix=fix or _START_ONE,
        )
    return root


def sources_alone(root: Path) -> tuple[Source, Source]:
    """Return the coe.yaml that a project's repository carries, and its project.yaml."""
    return read_source(root / ORGANISATION_FILE, root), read_source(root / PROJECT_FILE, root)


def find_home(start: Path) -> Path:
    """Return the folder that keeps a sandbox's state: of the workspace, or of a repository alone."""
    return repository_alone(start) or find_root(start)


def intake_place(start: Path, name: str) -> tuple[Path, Path]:
    """Return the folder that keeps the intake of a use case, and where its project.yaml is or would be.

    That is the workspace, else the repository of the project, else the current folder. Raises UsageError when
    ``start`` is another folder and lies in no workspace.
    """
    alone = repository_alone(start)
    if alone is not None and alone.name == name:
        return alone, alone / PROJECT_FILE
    root = find_root(start) if start != Path() else nearest_root(start) or start.resolve()
    return root, root / name / PROJECT_FILE


def read_source(path: Path, root: Path) -> Source:
    """Return the text of a configuration file; raise UsageError when it cannot be read as UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    relative = path.relative_to(root)
    return Source(relative.as_posix(), text, relative.parent.as_posix())


def sources(root: Path) -> tuple[Source, list[Source]]:
    """Return coe.yaml and, in the order of their folders, each project.yaml one level below it."""
    projects = sorted(path for path in root.glob(f"*/{PROJECT_FILE}") if not path.parent.name.startswith("."))
    return read_source(root / WORKSPACE_FILE, root), [read_source(path, root) for path in projects]
