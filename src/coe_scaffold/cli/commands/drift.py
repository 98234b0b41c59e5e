"""``coe drift``: what differs between the files and the cloud."""

from __future__ import annotations

import os
import sys
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


@click.command(epilog=example("coe drift --env prod --output json"))
@workspace_option
@environment_option
@output_option
@credential_option
def command(directory: Path, environment: str, output: str, credential: str) -> int:
    """Compare an environment's cloud with the files, infrastructure and access together; reads only.

    Exit code 4 when something is missing, changed or extra.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.plan import make_plan
    from coe_scaffold.planning.drift import drift
    from coe_scaffold.report import drift as view
    from coe_scaffold.report.style import wants_colour

    place = open_workspace(directory)
    with place.session(credential) as session:
        plan = make_plan(
            place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
        ).plan
    entries = drift(plan)
    if output == "json":
        emit(view.document(entries, environment=environment))
    else:
        say(view.text(entries, environment=environment, colour=wants_colour(sys.stdout, os.environ)))
    return 4 if entries else 0
