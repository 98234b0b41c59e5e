"""``coe plan``: what applying would change, resources and access in one preview."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    deleted_options,
    example,
    first_environment_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, notice, say


@click.command(epilog=example("coe plan --env dev --out plan.json"))
@workspace_option
@first_environment_option
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Also write the plan to this file."
)
@click.option("--exit-code", is_flag=True, help="Exit with 4 when applying would change something.")
@click.option("--show-noise", is_flag=True, help="Show the differences that noise rules leave out.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="Format on stdout.",
)
@deleted_options
@credential_option
def command(
    directory: Path,
    environment: str | None,
    out: Path | None,
    exit_code: bool,
    show_noise: bool,
    output: str,
    recover: bool,
    purge: bool,
    credential: str,
) -> int:
    """Preview an environment; reads only.

    Resources come from ARM's stack what-if, else its deployment what-if, else local evaluation; the plan
    names which. Role assignments come from the function table compared with what exists, findings from the
    guardrails. The plan file holds everything 'coe apply' needs.
    """
    from coe_scaffold.cli.applying import first_environment, make_current_plan, on_deleted
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.planning.codec import dumps, holds_secrets
    from coe_scaffold.report import plan as view
    from coe_scaffold.report.plan_markdown import markdown
    from coe_scaffold.report.style import wants_colour

    place = open_place(directory)
    environment = environment or first_environment(place.settings)
    with place.session(credential) as session:
        deleted = on_deleted(recover=recover, purge=purge)
        plan = make_current_plan(place, session, environment, deleted).plan
    if out is not None:
        place.files.write(out.resolve(), dumps(plan).encode(), private=holds_secrets(plan))
        notice(f"Wrote {out}.")
    if output == "json":
        emit(view.document(plan))
    elif output == "markdown":
        say(markdown(plan))
    else:
        say(view.text(plan, colour=wants_colour(sys.stdout, os.environ), show_noise=show_noise))
    return 4 if exit_code and plan.writes else 0
