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
@yes_option
@no_input_option
@output_option
@credential_option
def command(
    directory: Path, environment: str, yes: bool, no_input: bool, output: str, credential: str
) -> int:
    """Remove role assignments first, then the resource groups that carry this workspace's tags.

    The plan is shown before anything is asked. A resource that no template declares stops it; locks are
    never removed; what environments share (custom roles, access at the management group) stays.
    """
    from coe_scaffold.cli.applying import apply_and_show
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.destroy import make_destroy_plan

    place = open_workspace(directory)
    with place.session(credential) as session:
        plan = make_destroy_plan(
            place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
        )
        result = apply_and_show(place, session, plan, yes=yes, ask=may_ask(no_input), output=output)
    return result.exit_code if result else 0
