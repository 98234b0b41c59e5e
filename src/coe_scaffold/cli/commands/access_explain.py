"""``coe access explain``: every assignment of a function."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    environment_option,
    example,
    output_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.targets import actual_of, graph_of, live_option


@click.command(epilog=example("coe access explain compliance-officer --env prod"))
@workspace_option
@environment_option
@click.argument("function_id", metavar="FUNCTION")
@live_option
@output_option
@credential_option
def command(
    directory: Path, environment: str, function_id: str, live: bool, output: str, credential: str
) -> None:
    """Show each assignment of FUNCTION in an environment: where, how, why, and what its role permits.

    Asked of the function table and the templates, offline; with --live of the cloud.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.access import explain
    from coe_scaffold.report.access import explained_document, explained_text

    place = open_workspace(directory)
    actual = actual_of(place, environment, credential) if live else None
    graph = None if live else graph_of(place, environment)
    found = explain(place.settings, function_id, environment, graph, actual=actual)
    if output == "json":
        assignments = [explained_document(item) for item in found]
        emit(
            {"format": "coe-scaffold/access-explain/v1", "function": function_id, "assignments": assignments}
        )
        return
    for item in found:
        say(explained_text(item))
    say(f"{len(found)} assignments of {function_id} in {environment}.")
