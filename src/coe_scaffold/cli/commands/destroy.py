"""``coe destroy``: remove what a workspace made in an environment."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    environment_option,
    example,
    may_ask,
    no_input_option,
    output_option,
    workspace_option,
    yes_option,
)


@click.command(epilog=example("coe destroy --env dev"))
@workspace_option
@environment_option
@click.option(
    "--purge",
    is_flag=True,
    help="Also purge what Azure keeps, such as Key Vaults and accounts: its content is lost for good.",
)
@yes_option
@no_input_option
@output_option
@credential_option
def command(
    directory: Path, environment: str, purge: bool, yes: bool, no_input: bool, output: str, credential: str
) -> int:
    """Remove locks and role assignments first, then the resource groups that carry this workspace's tags.

    The plan is shown first. A resource or lock that no template declares stops it; what
    environments share (custom roles, access at the management group) stays, and so do soft-deleted Key
    Vaults, Cognitive Services accounts and API Management services without --purge, and with it a vault that
    has purge protection.
    """
    from coe_scaffold.cli.applying import Manner, apply_and_show
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.cli.limiting import refuse_hopeless_deletion
    from coe_scaffold.operations.destroy import make_destroy_plan

    place = open_workspace(directory)
    with place.exclusive("coe destroy") as note, place.session(credential) as session:
        plan = make_destroy_plan(
            place.settings,
            environment,
            compiler=place.compiler,
            clock=place.clock,
            observer=session.observer,
            inspector=session.inspector,
            purge=purge,
        )
        refuse_hopeless_deletion(place, session, plan)
        again = f"coe destroy --env {environment}{' --purge' if purge else ''}"
        manner = Manner(yes=yes, ask=may_ask(no_input), output=output, note=note, again=again)
        result = apply_and_show(place, session, plan, manner)
    return result.exit_code if result else 0
