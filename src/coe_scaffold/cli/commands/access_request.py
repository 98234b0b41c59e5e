"""``coe access request``: a bundle for an administrator who may give roles."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, environment_option, example, workspace_option
from coe_scaffold.cli.output import say


@click.command(epilog=example("coe access request --env prod --out request/"))
@workspace_option
@environment_option
@click.option(
    "--out",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the bundle; default: access-request-ENV in the workspace.",
)
@credential_option
def command(directory: Path, environment: str, folder: Path | None, credential: str) -> None:
    """Write the access changes of an environment as request.md and request.json; the cloud stays.

    For callers who may deploy but not assign roles. An administrator reads request.md and runs the command
    that it names: it applies the plan in request.json, and then what the templates alone make.
    """
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.cli.limiting import write_request
    from coe_scaffold.operations.plan import make_plan

    place = open_place(directory)
    with place.session(credential) as session:
        planned = make_plan(
            place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
        )
    asked = write_request(place, planned.plan, folder.resolve() if folder else None)
    say(asked or f"There is nothing to ask for: access in {environment} is as declared.")
