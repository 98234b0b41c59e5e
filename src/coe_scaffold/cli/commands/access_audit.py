"""``coe access audit``: what is wrong with the access that exists."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, environment_option, example, workspace_option
from coe_scaffold.cli.output import emit, notice, say


@click.command(epilog=example("coe access audit --env prod --output sarif > access.sarif"))
@workspace_option
@environment_option
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "sarif", "markdown", "csv", "html"]),
    default="text",
    help="Format on stdout.",
)
@click.option("--graph", is_flag=True, help="Ask Microsoft Graph who exists, names, owners of groups.")
@credential_option
def command(directory: Path, environment: str, output: str, graph: bool, credential: str) -> int:
    """Compare the roles that are held in an environment with the function table; reads only.

    Finds assignments nobody asked for, privileged roles, duplicates, what ends soon, weak activation rules,
    custom roles that have changed, and deny assignments in the way. Exit code 3 when something is wrong at
    severity high or above.
    """
    from coe_scaffold import __version__
    from coe_scaffold.access import desired
    from coe_scaffold.access.ownership import owned_by_members
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.cloud.directory import look_up
    from coe_scaffold.operations.access import separation
    from coe_scaffold.operations.access_audit import audit, with_names
    from coe_scaffold.operations.observing import observe_access
    from coe_scaffold.operations.predict import predict, whole_graph
    from coe_scaffold.report import findings as view
    from coe_scaffold.report.access_tables import findings_table
    from coe_scaffold.report.sarif import sarif
    from coe_scaffold.report.tables import rendered

    place = open_place(directory)
    settings, today = place.settings, place.clock.now().date()
    resources = whole_graph(predict(settings, environment, place.compiler, place.clock))
    wanted = desired(settings, environment, resources)
    known, functions = None, settings.governed
    with place.session(credential) as session:
        there = observe_access(settings, environment, session.observer, wanted, denials=True, partly=True)
        if graph:
            known = look_up(session.clients.connection, settings.cloud, there.principals(), functions)
    principals = None if known is None else frozenset(known.entries)
    found = (
        *audit(settings, environment, resources, wanted, there, today=today, principals=principals),
        *separation(settings, environment, resources),
        *(owned_by_members(known, functions) if known else ()),
    )
    findings = with_names(found, known.entries if known else {})
    others = f"{len(there.schedules)} schedules and {len(there.denials)} deny assignments"
    for gap in there.gaps:
        notice(f"{gap[0].upper()}{gap[1:]}.")
    counted = f"{len(there.assignments)} role assignments, {others}"
    if output == "sarif":
        emit(sarif(findings, version=__version__))
    elif output == "json":
        emit(view.document(findings, environment=environment))
    elif output == "text":
        say(f"Audited {counted} in {environment}.")
        say(view.text(findings, what="Findings") if findings else "Nothing is wrong with them.")
        if known is None:
            notice(
                "Whether principals still exist is told only where Azure knows: --graph asks the directory."
            )
    else:
        title = f"Access audit of {environment}"
        say(rendered(output, title, [findings_table(findings)], notes=[f"Audited {counted}."]))
    return 3 if any(finding.blocks for finding in findings) else 0
