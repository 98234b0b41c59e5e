"""``coe pipeline wire``: connect a repository's pipelines with its identities."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, notice, say
from coe_scaffold.cli.repositories import home_option, project_in, repository_argument, workplace_of


@click.command(epilog=example("coe pipeline wire claims-chat --run"))
@repository_argument
@home_option
@click.option("--run", is_flag=True, help="Run the commands here, with gh and az as you are signed in.")
@click.option("--dry-run", is_flag=True, help="Print the commands even with --run.")
@output_option
def command(repository: Path, directory: Path | None, run: bool, dry_run: bool, output: str) -> None:
    """Print the commands that give REPOSITORY's pipelines their variables, environments and reviewers.

    Identities and their federated credentials come from 'coe apply'. Reviewers come from the function
    table. Each command can run again. Nothing is stored, and no secret is needed.
    """
    from coe_scaffold.local.programs import run_lines
    from coe_scaffold.operations.pipelines import wire

    place = workplace_of(repository, directory)
    project = project_in(repository, place.settings)
    found = wire(place.settings, project, compiler=place.compiler, clock=place.clock)
    running = run and not dry_run
    if running:
        run_lines(repository, found.lines, programs=(found.program, "az"), tell=notice)
    if output == "json":
        lines = [{"purpose": line.purpose, "command": line.shell} for line in found.lines]
        emit(
            {
                "format": "coe-scaffold/pipeline-wire/v1",
                "ran": running,
                "commands": lines,
                "byHand": list(found.by_hand),
            }
        )
        return
    if not running:
        for line in found.lines:
            say(f"# {line.purpose}\n{line.shell}")
    for text in found.by_hand:
        say(f"# By hand: {text}")
