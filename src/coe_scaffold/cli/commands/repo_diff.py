"""``coe repo diff``: a repository and its template as patches."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example
from coe_scaffold.cli.output import say
from coe_scaffold.cli.repositories import home_option, repository_argument, tracked


@click.command(epilog=example("coe repo diff claims-chat --incoming"))
@repository_argument
@home_option
@click.option("--incoming", is_flag=True, help="What an update would change here, conflicts marked.")
@click.option("--exit-code", is_flag=True, help="End with 4 when there is a difference.")
def command(repository: Path, directory: Path | None, incoming: bool, exit_code: bool) -> int:
    """Print what REPOSITORY changed in the files it was generated with, as a patch; changes nothing."""
    from coe_scaffold.operations.repo import difference, update

    with tracked(repository, directory) as found:
        patch = update(found, dry_run=True).patch if incoming else difference(found.repository)
    if patch:
        say(patch)
    return 4 if exit_code and patch else 0
