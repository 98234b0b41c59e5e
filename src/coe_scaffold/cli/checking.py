"""What ``coe check`` is asked to judge, and how it shows the judgement."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.output import emit, notice, say
from coe_scaffold.errors import UsageError

if TYPE_CHECKING:
    from coe_scaffold.checks.policy import PolicyExport
    from coe_scaffold.cli.context import Workplace
    from coe_scaffold.model.judgement import Judgement

FORMATS = ("text", "json", "sarif", "junit", "markdown")

environments_option = click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment of coe.yaml, more than once if you like; default: all.  [env var: COE_ENV]",
)
format_option = click.option(
    "-o",
    "--output",
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="text",
    envvar="COE_OUTPUT",
    help="Format on stdout.  [env var: COE_OUTPUT]",
)
profile_option = click.option(
    "--profile",
    type=click.Choice(["standard", "strict"]),
    help="Guardrail profile; default: the environment's, or standard.",
)


@dataclass(frozen=True)
class Asked:
    """What to judge: ``path``, or the environments of the workspace at or above ``directory``."""

    path: Path | None
    directory: Path
    environments: tuple[str, ...]
    parameters: Path | None
    profile: str
    policies: tuple[Path, ...]


def judged(asked: Asked) -> Judgement:
    """Return the judgement on what was asked for; raise UsageError when that makes no sense."""
    from coe_scaffold.local.files import DiskFiles

    policies = None
    if asked.policies:
        from coe_scaffold.operations.policies import read_policies

        policies = read_policies(asked.policies, DiskFiles())
    if asked.path is None:
        return _environments(asked, policies)
    return _files(asked, asked.path, policies)


def _environments(asked: Asked, policies: PolicyExport | None) -> Judgement:
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.operations.check import check_environments, with_profile

    if asked.parameters is not None:
        raise UsageError("--parameters goes with a PATH", fix="Name the template it is for.")
    place = open_place(
        asked.directory,
        fix="Run 'coe init' to start a workspace, go to one with --workspace, or name files to judge: "
        "coe check infra/project.",
    )
    return check_environments(
        with_profile(place.settings, asked.profile),
        asked.environments or ("all",),
        compiler=place.compiler,
        clock=place.clock,
        policies=policies,
    )


def _files(asked: Asked, path: Path, policies: PolicyExport | None) -> Judgement:
    """Judge brought files, by the choices of the workspace around them if there is one."""
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.local.compilers import choose
    from coe_scaffold.operations.check import with_profile
    from coe_scaffold.operations.check_files import Surroundings, check_files
    from coe_scaffold.operations.predict import environment_of

    names, profile = asked.environments, asked.profile or "standard"
    if len(names) > 1 or "all" in names:
        raise UsageError("Files are judged for one environment", fix="Give one --env, or none.")
    place = _workspace_around(path, asked.directory)
    around = Surroundings(profile=profile)
    compiler, clock = (place.compiler, place.clock) if place else (choose("auto"), SystemClock())
    if place is not None:
        settings = with_profile(place.settings, asked.profile)
        around = Surroundings(settings, environment_of(settings, names[0]) if names else None, profile)
    elif names:
        raise UsageError("--env needs a workspace, and there is none here", fix="Leave out --env.")
    else:
        notice("No coe.yaml here: rules about allowed regions, models and global deployments say 'unknown'.")
    return check_files(path, asked.parameters, around, compiler=compiler, clock=clock, policies=policies)


def _workspace_around(path: Path, directory: Path) -> Workplace | None:
    """Return the workspace of ``--workspace``, else the one or the repository the files are in, else none."""
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.local.workspace import nearest_root, repository_alone

    named = directory != Path()
    start = directory if named else path.resolve() if path.is_dir() else path.resolve().parent
    if not named and nearest_root(start) is None and repository_alone(start) is None:
        return None
    return open_place(start)


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
