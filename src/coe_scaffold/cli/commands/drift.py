"""``coe drift``: what differs between the files and the cloud."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.options import any_environment_option, credential_option, example, workspace_option
from coe_scaffold.cli.output import emit, say

if TYPE_CHECKING:
    from coe_scaffold.planning.drift import DriftEntry


@click.command(epilog=example("coe drift --env prod --output json"))
@workspace_option
@any_environment_option
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
    """Compare the cloud with the files, infrastructure and access together; reads only.

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
    settings = place.settings
    single = environment not in ("", "all")
    chosen = (environment,) if single else tuple(settings.environments)
    known = {name: baseline(place.runs, when, name, place.files).plans for name in chosen if when}
    found: dict[str, tuple[DriftEntry, ...]] = {}
    with place.session(credential) as session:
        for name in chosen:
            plan = make_plan(
                settings, name, compiler=place.compiler, clock=place.clock, observer=session.observer
            ).plan
            entries = drift(plan, settings.governed)
            found[name] = since(entries, known[name]) if when else entries
    if output == "json":
        emit(view.document(found[environment], environment=environment) if single else view.documents(found))
    elif output == "sarif":
        emit(sarif(found, version=__version__))
    else:
        colour = wants_colour(sys.stdout, os.environ)
        say("\n\n".join(view.text(found[name], environment=name, colour=colour) for name in chosen))
    return 4 if any(found.values()) else 0
