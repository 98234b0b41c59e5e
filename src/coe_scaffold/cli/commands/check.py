"""``coe check``: the guardrails, offline, on what would be deployed."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.checking import FORMATS, judged_environments, judged_files, show_judgement
from coe_scaffold.cli.options import example, workspace_option


@click.command(epilog=example("coe check infra/main.bicep --parameters dev.bicepparam --format junit"))
@click.argument("path", required=False, type=click.Path(path_type=Path, exists=True))
@workspace_option
@click.option(
    "-e",
    "--env",
    "environments",
    multiple=True,
    envvar="COE_ENV",
    metavar="ENV",
    help="Environment of coe.yaml, or all; may be given more than once.  [env var: COE_ENV]",
)
@click.option(
    "--parameters",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Parameter values for PATH: .bicepparam or JSON.",
)
@click.option(
    "--profile",
    type=click.Choice(["standard", "strict"]),
    help="Guardrail profile; default: the environment's, or standard.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low"]),
    default="high",
    show_default=True,
    help="Lowest severity that makes the exit code 3.",
)
@click.option(
    "-o",
    "--output",
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="text",
    envvar="COE_OUTPUT",
    help="Format on stdout.  [env var: COE_OUTPUT]",
)
def command(
    path: Path | None,
    directory: Path,
    environments: tuple[str, ...],
    parameters: Path | None,
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

    if path is None:
        judgement = judged_environments(directory, environments, profile or "")
    else:
        judgement = judged_files(path, parameters, directory, environments, profile or "")
    show_judgement(judgement, output)
    if at_or_above(judgement.findings, Severity(fail_on)):
        return 3
    return 1 if judgement.unchecked else 0
