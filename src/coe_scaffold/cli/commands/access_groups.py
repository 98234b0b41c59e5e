"""``coe access groups``: how to create the groups that fill the functions."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, example, workspace_option
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
@click.option("--graph", is_flag=True, help="Ask Microsoft Graph: leave out what exists, verify ids, names.")
@credential_option
def command(directory: Path, form: str, graph: bool, credential: str) -> None:
    """Print what creates the Entra groups of coe.yaml; the directory is not changed, and asked with --graph.

    Write the object ids that creation returns into coe.yaml. The Bicep file needs the Microsoft Graph
    extension, named microsoftGraphV1, in bicepconfig.json.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.cloud.directory import groups_called, known_principals
    from coe_scaffold.report.groups import rendered, verified, wanted_groups

    place = open_workspace(directory)
    groups = wanted_groups(place.settings)
    if not graph:
        say(rendered(form, groups))
        notice(f"{len(groups)} groups; whether they exist already is not known: --graph asks the directory.")
        return
    with place.session(credential) as session:
        connection, cloud = session.clients.connection, place.settings.cloud
        known = known_principals(connection, cloud, [group.id for group in groups])
        lost = [group.name for group in groups if group.id.lower() not in known]
        called = groups_called(connection, cloud, lost)
    missing, wrong = verified(groups, known, called)
    if missing or form == "json":
        say(rendered(form, missing))
    for line in wrong:
        notice(line)
    notice(f"{len(groups)} groups, {len(missing)} missing in the directory, {len(wrong)} to correct.")
