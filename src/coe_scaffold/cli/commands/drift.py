"""``coe drift``: what differs between the files and the cloud."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, environment_option, example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe drift --env prod --output json"))
@workspace_option
@environment_option
@click.option(
    "--since",
    "when",
    metavar="RUN|DATE",
    help="Only what arose after a run, or after the last run done by a day (2026-11-24).",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    envvar="COE_OUTPUT",
    help="text for people, or one JSON or SARIF document on stdout.  [env var: COE_OUTPUT]",
)
@credential_option
def command(directory: Path, environment: str, when: str | None, output: str, credential: str) -> int:
    """Compare an environment's cloud with the files, infrastructure and access together; reads only.

    Exit code 4 when something is missing, changed or extra: resources in our groups that no template has, and
    roles that somebody gave a group of the function table by hand. With --since, what the files declare only
    since that run is left out.
    """
    from coe_scaffold import __version__
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.operations.plan import make_plan
    from coe_scaffold.operations.runs import baseline
    from coe_scaffold.planning.drift import drift, since
    from coe_scaffold.report import drift as view
    from coe_scaffold.report.drift_sarif import sarif
    from coe_scaffold.report.style import wants_colour

    place = open_place(directory)
    known = baseline(place.runs, when, environment, place.files) if when else None
    with place.session(credential) as session:
        plan = make_plan(
            place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
        ).plan
    entries = drift(plan, place.settings.governed)
    if known:
        entries = since(entries, known.plans)
    if output == "json":
        emit(view.document(entries, environment=environment))
    elif output == "sarif":
        emit(sarif(entries, environment=environment, version=__version__))
    else:
        say(view.text(entries, environment=environment, colour=wants_colour(sys.stdout, os.environ)))
    return 4 if entries else 0
