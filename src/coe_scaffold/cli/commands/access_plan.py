"""``coe access plan``: the role assignments that applying would make, change or remove."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from coe_scaffold.cli.options import (
    credential_option,
    environment_option,
    example,
    output_option,
    workspace_option,
)
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe access plan --env dev"))
@workspace_option
@environment_option
@click.option("--exit-code", is_flag=True, help="Exit with 4 when applying would change access.")
@output_option
@credential_option
def command(directory: Path, environment: str, exit_code: bool, output: str, credential: str) -> int:
    """Preview only the access part of 'coe plan': matched by scope, principal, role and condition.

    Assignments that others made are shown and never touched. What separation of duties forbids is told, and
    forbids applying.
    """
    from coe_scaffold.catalog import separation_rules
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.model.plan import ACCESS_KINDS
    from coe_scaffold.operations.plan import make_plan
    from coe_scaffold.report import plan as view
    from coe_scaffold.report.style import wants_colour

    place = open_place(directory)
    with place.session(credential) as session:
        plan = make_plan(
            place.settings, environment, compiler=place.compiler, clock=place.clock, observer=session.observer
        ).plan
    duties = {rule.id for rule in separation_rules()}
    plan = replace(
        plan,
        steps=tuple(step for step in plan.steps if step.kind in ACCESS_KINDS),
        findings=tuple(one for one in plan.findings if one.rule in duties),
    )
    if output == "json":
        emit(view.document(plan))
    else:
        say(view.text(plan, colour=wants_colour(sys.stdout, os.environ)))
    return 4 if exit_code and plan.writes else 0
