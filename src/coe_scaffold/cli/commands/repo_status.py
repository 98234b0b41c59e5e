"""``coe repo status``: how a repository stands to its template."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.repositories import home_option, repository_argument, tracked


@click.command(epilog=example("coe repo status claims-chat --exit-code"))
@repository_argument
@home_option
@click.option("--exit-code", is_flag=True, help="End with 4 when it is behind or has drifted.")
@output_option
def command(repository: Path, directory: Path | None, exit_code: bool, output: str) -> int:
    """Compare REPOSITORY (default: this folder) with what its template renders to now; changes nothing.

    Behind: the template has something new. Drifted: a file that the platform owns was edited.
    """
    from coe_scaffold.operations.repo import status
    from coe_scaffold.report.repository import status_document, status_text

    with tracked(repository, directory) as found:
        result = status(found)
    if output == "json":
        emit(status_document(result))
    else:
        say(status_text(result))
    return 4 if exit_code and result.differs else 0
