"""``coe repo fleet``: many repositories at once."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

import click

from coe_scaffold.cli.options import example
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.repositories import FOLDER, fleet_member, home_option


@click.command(epilog=example("coe repo fleet --list repositories.txt --branches --push"))
@click.argument("repositories", nargs=-1, type=FOLDER)
@click.option(
    "--list",
    "listed",
    type=click.File(encoding="utf-8"),
    help="File with one folder a line, relative to the current one; # starts a comment.",
)
@home_option
@click.option("--branches", is_flag=True, help="Make a branch coe/update-VERSION where it merges cleanly.")
@click.option("--push", is_flag=True, help="Push these branches to origin, ready for pull requests.")
@click.option("--exit-code", is_flag=True, help="End with 4 when a repository is behind.")
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "markdown"]), default="text", help="Format."
)
def command(
    repositories: tuple[Path, ...],
    listed: TextIO | None,
    directory: Path | None,
    branches: bool,
    push: bool,
    exit_code: bool,
    output: str,
) -> int:
    """Report how REPOSITORIES stand to their templates; work trees and current branches stay as they are.

    A repository that cannot be checked is reported with the reason, and the exit code is 1.
    """
    from coe_scaffold.errors import UsageError
    from coe_scaffold.report.repository import fleet_document, fleet_markdown, fleet_text

    names = [line.partition("#")[0].strip() for line in listed] if listed else []
    folders = (*repositories, *(Path(name) for name in names if name))
    if not folders:
        raise UsageError("no repository is named", fix="Name folders, or a file of them with --list.")
    if push and not branches:
        raise UsageError("--push needs --branches")
    updates = [fleet_member(folder, directory, offer=branches, push=push) for folder in folders]
    match output:
        case "json":
            emit(fleet_document(updates))
        case "markdown":
            say(fleet_markdown(updates, written=branches))
        case _:
            say(fleet_text(updates, written=branches))
    if any(update.problem for update in updates):
        return 1
    return 4 if exit_code and any(update.incoming.any for update in updates) else 0
