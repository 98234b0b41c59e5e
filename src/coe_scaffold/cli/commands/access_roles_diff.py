"""``coe access roles diff``: built-in roles now against the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import credential_option, example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access roles diff --output json"))
@workspace_option
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "sarif"]), default="text", help="Format on stdout."
)
@credential_option
def command(directory: Path, output: str, credential: str) -> int:
    """Compare Azure's built-in roles with the dated catalogue: renamed, permitting more or less, gone, new.

    A change younger than three days is told and blocks nothing: definitions flap while they are rolled out.
    Exit code 3 when a role the matrix uses permits more than the catalogue says, or is gone.
    """
    from coe_scaffold import __version__
    from coe_scaffold.catalog import roles
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.access_audit import roles_diff
    from coe_scaffold.report import findings as view
    from coe_scaffold.report.sarif import sarif

    place = open_workspace(directory)
    with place.session(credential) as session:
        live = session.observer.built_in_roles()
    findings = roles_diff(live, place.clock.now().date())
    if output == "sarif":
        emit(sarif(findings, version=__version__))
    elif output == "json":
        emit(view.document(findings))
    else:
        say(f"Compared {len(live)} built-in roles with the catalogue of {roles().date}.")
        say(
            view.text(findings, what="Findings")
            if findings
            else "Nothing has changed in the roles the matrix uses."
        )
    return 3 if any(finding.blocks for finding in findings) else 0
