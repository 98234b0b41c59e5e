"""``coe access explain``: every assignment of a function."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    any_environment_option,
    credential_option,
    example,
    output_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.targets import actual_of, graph_of, live_option


@click.command(epilog=example("coe access explain compliance-officer --env prod"))
@workspace_option
@any_environment_option
@click.argument("function_id", metavar="FUNCTION")
@live_option
@output_option
@credential_option
def command(
    directory: Path, environment: str, function_id: str, live: bool, output: str, credential: str
) -> None:
    """Show each assignment of FUNCTION, by environment: where, how, why, and what its role permits.

    Asked of the function table and the templates, offline; with --live of the cloud.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.access import explain
    from coe_scaffold.report.access import explained_document, explained_text

    place = open_workspace(directory)
    found = {
        name: explain(
            place.settings,
            function_id,
            name,
            None if live else graph_of(place, name),
            actual=actual_of(place, name, credential) if live else None,
        )
        for name in ([environment] if environment else place.settings.environments)
    }
    if output == "json":
        assignments = [
            {"environment": name, **explained_document(item)}
            for name, items in found.items()
            for item in items
        ]
        emit(
            {"format": "coe-scaffold/access-explain/v1", "function": function_id, "assignments": assignments}
        )
        return
    for name, items in found.items():
        for item in items:
            say(explained_text(item))
        say(f"{len(items)} assignment{'s'[: len(items) != 1]} of {function_id} in {name}.")
