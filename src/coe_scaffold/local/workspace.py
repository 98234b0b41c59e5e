"""Find a workspace on disk: the folder with coe.yaml, and the project.yaml files directly below it."""

from __future__ import annotations

from pathlib import Path

from coe_scaffold.config.source import Source
from coe_scaffold.errors import UsageError

WORKSPACE_FILE = "coe.yaml"
PROJECT_FILE = "project.yaml"

_START_ONE = "Run 'coe init' to start a workspace, or go to one with --workspace."


def nearest_root(start: Path) -> Path | None:
    """Return the nearest folder at or above ``start`` that has a coe.yaml; None without one."""
    start = start.resolve()
    return next((one for one in (start, *start.parents) if (one / WORKSPACE_FILE).is_file()), None)


def find_root(start: Path, *, fix: str = _START_ONE) -> Path:
    """Return the nearest folder at or above ``start`` that has a coe.yaml.

    Raises UsageError without one; ``fix`` says what to do then.
    """
    root = nearest_root(start)
    if root is None:
        raise UsageError(
            f"there is no {WORKSPACE_FILE} in {start.resolve()} or above it",
            fix=fix,
        )
    return root


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
