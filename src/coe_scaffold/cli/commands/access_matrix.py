"""``coe access matrix``: the function table as role assignments."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access matrix --format html > access.html"))
@workspace_option
@click.option(
    "-e", "--env", "environment", default="", metavar="ENV", help="Only the rows of one environment."
)
@click.option("--function", "function_id", default="", metavar="ID", help="Only the rows of one function.")
@click.option("--raci", "with_raci", is_flag=True, help="Show who is responsible for what in ENV instead.")
@click.option(
    "-o",
    "--output",
    "--format",
    "output",
    type=click.Choice(["text", "json", "markdown", "csv", "html"]),
    default="text",
    envvar="COE_OUTPUT",
    help="Format on stdout.  [env var: COE_OUTPUT]",
)
def command(directory: Path, environment: str, function_id: str, with_raci: bool, output: str) -> None:
    """Show which function gets which role at which kind of place, in which mode, and why.

    Overrides of coe.yaml are applied. With --raci: who may do, answers for, or may see what, computed from
    the roles' effective permissions.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.errors import UsageError
    from coe_scaffold.operations.access import access_matrix
    from coe_scaffold.operations.people import raci
    from coe_scaffold.report import access_tables
    from coe_scaffold.report.access import matrix_text
    from coe_scaffold.report.tables import rendered

    place = open_workspace(directory)
    if with_raci:
        if not environment:
            raise UsageError("--raci needs --env", fix="Name one environment of coe.yaml.")
        access_matrix(place.settings, environment=environment)
        rows = raci(place.settings, environment, None)
        if output == "json":
            cells = [{"activity": row.activity, "letters": list(row.cells)} for row in rows]
            emit({"format": "coe-scaffold/access-raci/v1", "environment": environment, "rows": cells})
            return
        table = access_tables.raci_table(rows, environment)
        form = "markdown" if output == "text" else output
        say(rendered(form, "Responsibilities", [table], notes=[access_tables.RACI_NOTE]))
        return
    found = access_matrix(place.settings, environment=environment, function_id=function_id)
    if output == "json":
        emit({"format": "coe-scaffold/access-matrix/v1", "rows": [row.as_json() for row in found]})
    elif output == "text":
        say(matrix_text(found))
    else:
        environments = (environment,) if environment else tuple(place.settings.environments)
        tables = access_tables.matrix_tables(found, environments)
        say(rendered(output, "Access matrix", tables[1:] if output == "csv" else tables))
