"""``coe doctor``: whether applying can succeed."""

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
from coe_scaffold.cli.output import emit, notice, say


@click.command(epilog=example("coe doctor --env prod"))
@workspace_option
@environment_option
@click.option("--register", is_flag=True, help="Register the resource providers that are needed and missing.")
@click.option("-v", "--verbose", is_flag=True, help="Name every missing action, not only the first few.")
@output_option
@credential_option
def command(
    directory: Path, environment: str, register: bool, verbose: bool, output: str, credential: str
) -> int:
    """Check an environment before applying; reads only, --register aside.

    Tenant and subscription, resource providers, your permissions against what the plan needs (with the
    least role that has what is missing), locks, names that deleted resources hold, model availability and
    quota. What is missing is grouped by role and scope for people, JSON names each action. 'coe apply' asks
    the same. Exit code 1 when something speaks against applying.
    """
    from coe_scaffold.cli.applying import make_current_plan
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.cli.limiting import refused_deletions
    from coe_scaffold.operations.predict import environment_of, whole_graph
    from coe_scaffold.operations.preflight import preflight, problems, unregistered
    from coe_scaffold.report import preflight as view
    from coe_scaffold.report.style import wants_colour

    place = open_place(directory)
    with place.session(credential) as session:
        made = make_current_plan(place, session, environment)
        if register:
            home = environment_of(place.settings, environment).scope
            for name in unregistered(made.plan, home, session.inspector):
                notice(f"Registering {name}.")
                session.deployer.register_provider(home, name)
        graph = whole_graph(made.targets)
        checks = preflight(place.settings, environment, made.plan, graph, session.inspector)
        checks = (*checks, *refused_deletions(place, session, made.plan))
    if output == "json":
        emit(view.document(checks, environment=environment))
    else:
        colour = wants_colour(sys.stdout, os.environ)
        say(view.text(checks, environment=environment, every=verbose, colour=colour))
    return 1 if problems(checks) else 0
