"""``coe apply``: make an environment what its plan says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    deleted_options,
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
    "-e",
    "--env",
    "environment",
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment, without a plan file; all: each in the order of coe.yaml, until one fails.",
)
@click.option("--resume", "go_on", is_flag=True, help="Go on with the latest run that did not end well.")
@click.option(
    "--accept-out-of-sync",
    is_flag=True,
    help="Deploy stacks although ARM warns that their lists of managed resources may be wrong.",
)
@deleted_options
@yes_option
@no_input_option
@output_option
@credential_option
def command(
    directory: Path,
    plan_file: Path | None,
    environment: str | None,
    go_on: bool,
    accept_out_of_sync: bool,
    recover: bool,
    purge: bool,
    yes: bool,
    no_input: bool,
    output: str,
    credential: str,
) -> int:
    """Apply PLAN_FILE, or make a plan of --env, show it, ask, and apply it.

    A plan file whose workspace or cloud has moved since is refused, and so is a plan with a blocking
    finding. Every step is journalled in .coe/runs/ before and after; --resume continues a run that was
    interrupted or failed, 'coe undo RUN' takes it back. A plan file says itself what is recovered or purged.

    What you may not do (give access, lock, set policy) is left out and written to access-request-ENV for an
    administrator. Exit code 5 then, and when only some steps failed.
    """
    from coe_scaffold.cli.applying import Manner, apply_environments, asked_for, on_deleted, resume
    from coe_scaffold.cli.context import open_place

    place = open_place(directory)
    manner = Manner(yes, may_ask(no_input), output, accept_out_of_sync=accept_out_of_sync)
    manner = replace(manner, deleted=on_deleted(recover=recover, purge=purge), reviewed=bool(plan_file))
    environment = asked_for(place, plan_file, environment, manner, go_on=go_on)
    with place.exclusive("coe apply") as note, place.session(credential) as session:
        manner = replace(manner, note=note)
        if go_on:
            return resume(place, session, environment, manner)
        return apply_environments(place, session, str(environment), manner, plan_file=plan_file)
