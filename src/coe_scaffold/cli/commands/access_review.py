"""``coe access review``: the periodic access review, one sheet per function."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, environment_option, example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access review --env prod --function data-scientist"))
@workspace_option
@environment_option
@click.option("--function", "function_id", default="", metavar="ID", help="Only one function.")
@click.option(
    "-o",
    "--output",
    "--format",
    "output",
    type=click.Choice(["markdown", "csv", "html", "json"]),
    default="markdown",
    help="Format on stdout.",
)
@credential_option
def command(directory: Path, environment: str, function_id: str, output: str, credential: str) -> None:
    """Write the sheet a reviewer fills in: every role of a function, its last change, its end, its reason.

    Roles that the functions' groups hold and no row of the matrix gives are in it, as not asked for.
    """
    from coe_scaffold.access import desired
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.observing import actual_access, observe_access
    from coe_scaffold.operations.people import review, shipped_on
    from coe_scaffold.operations.predict import predict, whole_graph
    from coe_scaffold.report.access_tables import review_tables
    from coe_scaffold.report.tables import rendered

    place = open_workspace(directory)
    graph = whole_graph(predict(place.settings, environment, place.compiler, place.clock))
    wanted = desired(place.settings, environment, graph)
    with place.session(credential) as session:
        there = observe_access(place.settings, environment, session.observer, wanted)
    held = (*wanted.assignments, *wanted.scheduled)
    rows = review(
        held,
        there.assignments,
        there.schedules,
        function_id=function_id,
        actual=actual_access(place.settings, there).assignments,
    )
    if output == "json":
        found = [asdict(row) for row in rows]
        emit({"format": "coe-scaffold/access-review/v1", "environment": environment, "rows": found})
        return
    today = place.clock.now().date().isoformat()
    notes = [f"Made on {today}; the shipped matrix is of {shipped_on()}. Keep or withdraw each role."]
    say(rendered(output, f"Access review of {environment}", review_tables(rows), notes=notes))
