"""``coe access matrix``: the function table as role assignments."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access matrix --function data-scientist --output json"))
@workspace_option
@click.option(
    "-e", "--env", "environment", default="", metavar="ENV", help="Only the rows of one environment."
)
@click.option("--function", "function_id", default="", metavar="ID", help="Only the rows of one function.")
@output_option
def command(directory: Path, environment: str, function_id: str, output: str) -> None:
    """Show which function gets which role at which kind of place, in which mode, and why."""
    from coe_scaffold.catalog import functions, scope_kind
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.access import access_matrix

    place = open_workspace(directory)
    rows = access_matrix(place.settings, environment=environment, function_id=function_id)
    if output == "json":
        emit({"format": "coe-scaffold/access-matrix/v1", "rows": [row.as_json() for row in rows]})
        return
    for item in functions():
        mine = [row for row in rows if row.function == item.id]
        if mine:
            say(f"{item.title} ({item.id})")
        for row in mine:
            say(f"  {row.environment:4}  {scope_kind(row.scope_kind).title:28}  {row.role_name}  {row.role}")
            say(f"        {row.mode}: {row.why}")
    say(f"{len(rows)} rows; a row whose resource is not deployed is skipped when planning.")
