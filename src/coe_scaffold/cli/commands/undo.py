"""``coe undo``: take back what one run made."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    example,
    may_ask,
    no_input_option,
    output_option,
    workspace_option,
    yes_option,
)


@click.command(epilog=example("coe undo 20261124T020000-dev"))
@workspace_option
@click.argument("run")
@click.option(
    "--purge",
    is_flag=True,
    help="Also purge what Azure keeps of what the run made, such as accounts: its content is lost for good.",
)
@yes_option
@no_input_option
@output_option
@credential_option
def command(
    directory: Path, run: str, purge: bool, yes: bool, no_input: bool, output: str, credential: str
) -> int:
    """Remove what RUN brought into being, role assignments first, and nothing else.

    The plan is shown first. What was changed since, and a resource group of the run that holds what the run
    did not make, stop it. What the run only changed is named and stays, and so does what a later run made
    again. Key Vaults, Cognitive Services accounts and API Management services stay soft-deleted without
    --purge; what the run recovered is never purged. 'coe runs' lists the runs.
    """
    from coe_scaffold.cli.applying import Manner, apply_and_show
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.cli.limiting import refuse_hopeless_deletion
    from coe_scaffold.operations.runs import find_with_later
    from coe_scaffold.operations.undo import make_undo_plan

    place = open_place(directory)
    with place.exclusive("coe undo") as note, place.session(credential) as session:
        known, later = find_with_later(place.runs, run, place.files)
        plan = make_undo_plan(
            place.settings,
            known,
            observer=session.observer,
            deployer=session.deployer,
            inspector=session.inspector,
            later=later,
            purge=purge,
        )
        refuse_hopeless_deletion(place, session, plan)
        again = f"coe undo {run}{' --purge' if purge else ''}"
        manner = Manner(yes=yes, ask=may_ask(no_input), output=output, note=note, undoes=run, again=again)
        result = apply_and_show(place, session, plan, manner)
    return result.exit_code if result else 0
