"""``coe approve``: record that a function approves a plan file."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe approve plan.json --as ai-coe-lead"))
@workspace_option
@click.argument("plan_file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--as", "function", required=True, metavar="FUNCTION", help="CoE function that approves.")
@click.option("--by", default="", help="Who approves; default: the user of this machine.")
@output_option
def command(directory: Path, plan_file: Path, function: str, by: str, output: str) -> None:
    """Approve PLAN_FILE for a function that coe.yaml asks (environments.<env>.approvals).

    Who, when and the file's SHA-256 are written beside it, to PLAN_FILE.approvals.json. An approval counts
    for exactly this content. It is a record, not a signature: keep plan and record where only reviewers
    write, such as a protected branch or a pipeline environment.
    """
    import getpass

    from coe_scaffold.cli.context import open_place
    from coe_scaffold.model.approval import approvals_to_json
    from coe_scaffold.operations.approve import approvals_wanted, approve

    place = open_place(directory)
    given = approve(
        place.settings,
        plan_file,
        function=function,
        by=by or getpass.getuser(),
        files=place.files,
        clock=place.clock,
    )
    if output == "json":
        emit(approvals_to_json(given))
        return
    missing = given.missing(approvals_wanted(place.settings, given.environment))
    say(f"Approved by {function} for plan {given.plan[:12]}.")
    say(f"Still to approve: {', '.join(missing)}." if missing else f"Next: coe apply {plan_file}")
