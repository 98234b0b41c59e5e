"""``coe check``: the guardrails, offline, on what would be deployed."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.checking import (
    Asked,
    environments_option,
    format_option,
    judged,
    profile_option,
    show_judgement,
)
from coe_scaffold.cli.options import example, workspace_option

READABLE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(epilog=example("coe check infra/main.bicep --parameters dev.bicepparam --format junit"))
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@workspace_option
@environments_option
@click.option("--parameters", type=READABLE, help="Parameter values for PATH: .bicepparam or JSON.")
@click.option(
    "--policies",
    type=READABLE,
    multiple=True,
    help="Exported Azure Policy definitions, initiatives and assignments (JSON) to judge too.",
)
@profile_option
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low"]),
    default="high",
    show_default=True,
    help="Lowest severity that makes the exit code 3.",
)
@format_option
def command(
    path: Path | None,
    directory: Path,
    environments: tuple[str, ...],
    parameters: Path | None,
    policies: tuple[Path, ...],
    profile: str | None,
    fail_on: str,
    output: str,
) -> int:
    """Judge every guardrail on the resources that would be created.

    Judges environments of a workspace, or PATH: a Bicep file, a .bicepparam, an ARM template, or a folder
    of them. Values that only a deployment can know are unknown, never passed. Exit code 3 when a guardrail
    fails at or above the threshold, else 1 when a file could not be checked.
    """
    from coe_scaffold.model.finding import Severity
    from coe_scaffold.operations.check import at_or_above

    judgement = judged(Asked(path, directory, environments, parameters, profile or "", policies))
    show_judgement(judgement, output)
    if at_or_above(judgement.findings, Severity(fail_on)):
        return 3
    return 1 if judgement.unchecked else 0
