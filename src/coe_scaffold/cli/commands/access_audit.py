"""``coe access audit``: what is wrong with the access that exists."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, environment_option, example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access audit --env prod --output sarif > access.sarif"))
@workspace_option
@environment_option
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "sarif"]), default="text", help="Format on stdout."
)
@credential_option
def command(directory: Path, environment: str, output: str, credential: str) -> int:
    """Compare the role assignments of an environment with the function table; reads only.

    Finds assignments nobody asked for, privileged roles, duplicates, and custom roles that have changed.
    Exit code 3 when something is wrong at severity high or above.
    """
    from coe_scaffold import __version__
    from coe_scaffold.access import desired
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.access import audit, separation
    from coe_scaffold.operations.observing import observe_access
    from coe_scaffold.operations.predict import predict, whole_graph
    from coe_scaffold.report import findings as view
    from coe_scaffold.report.sarif import sarif

    place = open_workspace(directory)
    graph = whole_graph(predict(place.settings, environment, place.compiler, place.clock))
    access = desired(place.settings, environment, graph)
    with place.session(credential) as session:
        there = observe_access(place.settings, environment, session.observer, access)
    findings = (
        *audit(place.settings, environment, graph, there.assignments, there.roles),
        *separation(place.settings, environment, graph),
    )
    if output == "sarif":
        emit(sarif(findings, version=__version__))
    elif output == "json":
        emit(view.document(findings, environment=environment))
    else:
        say(f"Audited {len(there.assignments)} role assignments in {environment}.")
        say(view.text(findings) if findings else "Nothing is wrong with them.")
    return 3 if any(finding.blocks for finding in findings) else 0
