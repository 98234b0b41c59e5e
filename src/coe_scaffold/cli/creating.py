"""Write a rendered repository to its folder, with its hooks and its first commit, and tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.cli.output import emit, notice, say, show_made

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.operations.new import NewRepository
    from coe_scaffold.ports import FileStore
    from coe_scaffold.scaffold.manifest import Manifest


@dataclass(frozen=True)
class Wish:
    """How a repository is to be written: nowhere, into a folder with files, with hooks, with git."""

    dry_run: bool = False
    into: Path | None = None
    trust: bool = False
    git: bool = True
    output: str = "text"


def workspace_or_sample(directory: Path) -> Workplace:
    """Return the workspace at or above a folder; where none was asked for or found, a sample one.

    Raises UsageError when ``directory`` is not the current folder and has no workspace.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.local.workspace import nearest_root

    if directory != Path() or nearest_root(directory) is not None:
        return open_workspace(directory)
    return sample_said()


def sample_said() -> Workplace:
    """Return the workspace of a sample organisation, and say that it is one."""
    from coe_scaffold.cli.context import sample_workspace

    place = sample_workspace()
    notice(
        f"No coe.yaml here or above: made for the sample organisation {place.settings.organisation.name}. "
        "In a workspace ('coe init') a project gets your groups, environments and models."
    )
    return place


def create(new: NewRepository, manifest: Manifest, wish: Wish, files: FileStore) -> None:
    """Write a repository as wished; raises TargetExistsError before anything is written."""
    from coe_scaffold.local.git import available, inside_repository, start_repository
    from coe_scaffold.local.templates import has_hooks, run_hooks
    from coe_scaffold.operations.new import write_repository
    from coe_scaffold.scaffold.provenance import PATH, read_record

    if wish.dry_run:
        _list(new, wish.output)
        return
    kept = bool(wish.into and wish.into.is_dir() and any(wish.into.iterdir()))
    made = write_repository(new, files, into=wish.into)
    if has_hooks(manifest) and wish.trust:
        run_hooks(manifest, made.folder, read_record(new.tree.text(PATH)).answers)
    elif has_hooks(manifest):
        notice("The template's hooks were not run; --trust runs them.")
    if wish.git and kept:
        notice(f"{made.folder} held files before: commit it yourself, then 'coe repo adopt {made.folder}'.")
    elif wish.git and available() and not (wish.into and inside_repository(wish.into)):
        start_repository(made.folder, f"Start {new.project.name} from the {manifest.id} template")
    elif wish.git and not available():
        notice("git is not installed: the folder is no repository yet.")
    show_made(made, wish.output, _next(new, made.folder.name))


def _next(new: NewRepository, folder: str) -> str:
    """Return the commands that make sense in a new repository: what its template brings."""
    tested = " && make setup test" if "Makefile" in new.tree.files else ""
    planned = any(path.startswith("infra/project/") for path in new.tree.files)
    then = f", then coe plan --env {new.project.environments[0]}" if planned else ""
    return f"cd {folder}{tested}{then}."


def _list(new: NewRepository, output: str) -> None:
    if output == "json":
        emit(
            {
                "format": "coe-scaffold/new/v1",
                "folder": str(new.folder),
                "files": list(new.tree.files),
                "dryRun": True,
            }
        )
        return
    for path in new.tree.files:
        say(path)
    notice(f"{len(new.tree.files)} files for {new.folder}; nothing was written.")
