"""What ``coe check`` is asked to judge, and how it shows the judgement."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.output import emit, notice, say
from coe_scaffold.errors import UsageError

if TYPE_CHECKING:
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.model.judgement import Judgement

FORMATS = ("text", "json", "sarif", "junit", "markdown")


def judged_environments(directory: Path, names: tuple[str, ...], profile: str) -> Judgement:
    """Return the judgement on environments of the workspace at or above a folder."""
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.check import check_environments, with_profile

    place = open_workspace(directory)
    if not names:
        raise UsageError(
            "Which environment, or which files?",
            fix=f"Give --env {next(iter(place.settings.environments))}, --env all, or a PATH.",
        )
    settings = with_profile(place.settings, profile)
    return check_environments(settings, names, compiler=place.compiler, clock=place.clock)


def judged_files(
    path: Path, parameters: Path | None, directory: Path, names: tuple[str, ...], profile: str
) -> Judgement:
    """Return the judgement on brought files, by the choices of the workspace around them if there is one."""
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.compilers import choose
    from coe_scaffold.operations.check import with_profile
    from coe_scaffold.operations.check_files import Surroundings, check_files
    from coe_scaffold.operations.predict import environment_of

    place = _workspace_around(path, directory)
    if len(names) > 1 or "all" in names:
        raise UsageError("Files are judged for one environment", fix="Give one --env, or none.")
    if place is None:
        if names:
            raise UsageError("--env needs a workspace, and there is none here", fix="Leave out --env.")
        notice("No coe.yaml here: rules about allowed regions and models say 'unknown'.")
        around = Surroundings(profile=profile or "standard")
        return check_files(path, parameters, around, compiler=choose("auto"), clock=SystemClock())
    settings = with_profile(place.settings, profile)
    environment = environment_of(settings, names[0]) if names else None
    around = Surroundings(settings, environment, profile or "standard")
    return check_files(path, parameters, around, compiler=place.compiler, clock=place.clock)


def _workspace_around(path: Path, directory: Path) -> Workplace | None:
    """Return the workspace of ``--workspace``, else the one the files are in, else none."""
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.local.workspace import find_root

    named = directory != Path()
    start = directory if named else path.resolve() if path.is_dir() else path.resolve().parent
    try:
        find_root(start)
    except UsageError:
        if named:
            raise
        return None
    return open_workspace(start)


def show_judgement(judgement: Judgement, output: str) -> None:
    """Print the judgement on stdout in one of :data:`FORMATS`."""
    from coe_scaffold import __version__
    from coe_scaffold.report import judgement as view

    match output:
        case "json":
            emit(view.document(judgement))
        case "sarif":
            from coe_scaffold.report.sarif import sarif

            emit(sarif(judgement.findings, version=__version__, unchecked=judgement.unchecked))
        case "junit":
            from coe_scaffold.report.junit import junit

            click.echo(junit(judgement), nl=False)
        case "markdown":
            from coe_scaffold.report.findings_markdown import markdown

            click.echo(markdown(judgement), nl=False)
        case _:
            say(view.text(judgement))
