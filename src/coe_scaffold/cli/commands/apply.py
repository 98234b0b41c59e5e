"""``coe apply``: make an environment what its plan says."""

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


@click.command(epilog=example("coe apply --env dev --yes"))
@workspace_option
@click.argument("plan_file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "-e", "--env", "environment", envvar="COE_ENV", metavar="ENV", help="Environment, without a plan file."
)
@yes_option
@no_input_option
@output_option
@credential_option
def command(
    directory: Path,
    plan_file: Path | None,
    environment: str | None,
    yes: bool,
    no_input: bool,
    output: str,
    credential: str,
) -> int:
    """Apply PLAN_FILE, or make a plan of --env, show it, ask, and apply it.

    A plan file whose workspace or cloud has moved since is refused, and so is a plan with a blocking
    finding. Every step is journalled in .coe/runs/ before and after; running it again continues.
    """
    from coe_scaffold.cli.applying import apply_and_show, read_plan
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.errors import UsageError
    from coe_scaffold.operations.apply import refuse_stale
    from coe_scaffold.operations.plan import make_plan

    place = open_workspace(directory)
    reviewed = read_plan(plan_file, place.files) if plan_file else None
    chosen = reviewed.environment if reviewed else environment
    if chosen is None:
        raise UsageError("there is nothing to apply", fix="Give a plan file, or --env.")
    with place.session(credential) as session:
        plan = make_plan(
            place.settings, chosen, compiler=place.compiler, clock=place.clock, observer=session.observer
        ).plan
        if reviewed:
            refuse_stale(reviewed, plan)
        result = apply_and_show(place, session, plan, yes=yes, ask=may_ask(no_input), output=output)
    return result.exit_code if result else 0
