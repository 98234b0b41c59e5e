"""``coe access groups``: how to create the groups that fill the functions."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import notice, say


@click.command(epilog=example("coe access groups --format bicep > groups.bicep"))
@workspace_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["az", "graph", "bicep", "json"]),
    default="az",
    help="Azure CLI commands, Microsoft Graph requests, a Bicep file, or one JSON document.",
)
def command(directory: Path, form: str) -> None:
    """Print what creates the Entra groups of coe.yaml; the directory is neither asked nor changed.

    Write the object ids that creation returns into coe.yaml. The Bicep file needs the Microsoft Graph
    extension, named microsoftGraphV1, in bicepconfig.json.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.report.groups import rendered, wanted_groups

    place = open_workspace(directory)
    groups = wanted_groups(place.settings)
    say(rendered(form, groups))
    notice(f"{len(groups)} groups; whether they exist already is not known: the directory was not asked.")
