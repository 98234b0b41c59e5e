"""``coe repo update``: merge the current template into a repository."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.repositories import home_option, repository_argument, tracked


@click.command(epilog=example("coe repo update claims-chat"))
@repository_argument
@home_option
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--branch", default="", help="Commit on this new branch instead of the work tree.")
@output_option
def command(repository: Path, directory: Path | None, dry_run: bool, branch: str, output: str) -> int:
    """Render the template anew and let git merge it into REPOSITORY; the merge is one commit.

    Files of the platform are replaced, files of the project stay, shared ones are merged. Where both sides
    changed the same lines, git's conflict waits for you and the exit code is 1. Uncommitted changes are
    never touched: the command refuses.
    """
    from coe_scaffold.operations.repo import update
    from coe_scaffold.report.repository import update_document, update_text

    with tracked(repository, directory) as found:
        result = update(found, dry_run=dry_run, branch=branch)
    if output == "json":
        emit(update_document(result))
    else:
        say(update_text(result))
    return 1 if result.conflicts else 0
