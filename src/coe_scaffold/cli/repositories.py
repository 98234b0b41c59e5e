"""Open generated repositories: their settings, their template, and how they stand to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.model.repository import Update
    from coe_scaffold.model.settings import Project, Settings
    from coe_scaffold.operations.repo import Tracked

FOLDER = click.Path(path_type=Path, file_okay=False)

repository_argument = click.argument("repository", type=FOLDER, default=Path())

home_option = click.option(
    "-w",
    "--workspace",
    "directory",
    type=FOLDER,
    envvar="COE_WORKSPACE",
    help="Folder of the workspace; default: at or above REPOSITORY.  [env var: COE_WORKSPACE]",
)


def workplace_of(repository: Path, directory: Path | None) -> Workplace:
    """Return the workspace whose settings a repository is rendered with, or the repository alone."""
    from coe_scaffold.cli.context import open_repository, open_workspace

    alone = open_repository(repository) if directory is None else None
    return alone or open_workspace(directory or repository)


def adopting_place(repository: Path, directory: Path | None) -> Workplace:
    """Return the workspace to adopt a repository for; where none was named or found, a sample one."""
    from coe_scaffold.cli.creating import sample_said
    from coe_scaffold.local.workspace import nearest_root, repository_alone

    if directory is None and nearest_root(repository) is None and repository_alone(repository) is None:
        return sample_said()
    return workplace_of(repository, directory)


def settings_of(repository: Path, directory: Path | None) -> Settings | None:
    """Return the settings of the workspace, or None for a repository that lies in none."""
    from coe_scaffold.local.workspace import nearest_root

    if directory is None and nearest_root(repository) is None:
        return None
    return workplace_of(repository, directory).settings


def project_in(repository: Path, settings: Settings | None) -> Project:
    """Return the project of a repository from its project.yaml; raises UsageError without one.

    With settings, its environments must be the workspace's.
    """
    from coe_scaffold.config.workspace import load_project
    from coe_scaffold.local.workspace import PROJECT_FILE, read_source

    folder = repository.resolve()
    return load_project(read_source(folder / PROJECT_FILE, folder), settings)


@contextmanager
def tracked(repository: Path, directory: Path | None) -> Iterator[Tracked]:
    """Yield a repository with the render that its template gives now."""
    from coe_scaffold.local.repository import DiskRepository
    from coe_scaffold.local.templates import opened
    from coe_scaffold.operations.repo import record_of, track

    _refuse_landing_zone(repository)
    place = workplace_of(repository, directory)
    there = DiskRepository(repository)
    record = record_of(there)
    with opened(record.template, record.source) as manifest:
        yield track(place.settings, there, manifest)


def _refuse_landing_zone(folder: Path) -> None:
    """Raise UsageError for a landing zone, which follows its templates by a command of its own."""
    from coe_scaffold.errors import UsageError
    from coe_scaffold.scaffold.written import PATH

    if (folder / PATH).is_file():
        raise UsageError(
            f"{folder} is a landing zone, not a project's repository",
            fix="Use 'coe new landing-zone --update', with --dry-run to see what would change.",
        )


def fleet_member(repository: Path, directory: Path | None, *, offer: bool, push: bool) -> Update:
    """Return what an update does to one repository of a fleet; with ``offer`` on a branch, for review."""
    from coe_scaffold.errors import CoeError
    from coe_scaffold.model.repository import TEMPLATE_BRANCH, Incoming, Update
    from coe_scaffold.operations.repo import update

    try:
        with tracked(repository, directory) as found:
            branch = f"coe/update-{found.manifest.version}" if offer else ""
            done = update(found, dry_run=not offer, branch=branch)
            if push and done.commit:
                found.repository.push((done.branch, TEMPLATE_BRANCH))
            return done
    except CoeError as error:
        return Update(str(repository), "", "", Incoming(), problem=error.summary)
