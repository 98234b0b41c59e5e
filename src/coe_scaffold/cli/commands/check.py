"""``coe check``: the guardrails, offline, on what would be deployed."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import environment_option, example, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe check --env prod --fail-on medium"))
@workspace_option
@environment_option
@click.option(
    "--fail-on",
    type=click.Choice(["critical", "high", "medium", "low"]),
    default="high",
    show_default=True,
    help="Lowest severity that makes the exit code 3.",
)
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "sarif"]), default="text", help="Format on stdout."
)
def command(directory: Path, environment: str, fail_on: str, output: str) -> int:
    """Evaluate an environment's Bicep and judge every guardrail on the resources it would create.

    Values that only a deployment can know are reported as unknown, never as passed. Exit code 3 when a
    guardrail fails at or above the threshold.
    """
    from coe_scaffold import __version__
    from coe_scaffold.checks.run import open_findings
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.model.finding import Severity
    from coe_scaffold.operations.check import at_or_above, check
    from coe_scaffold.operations.predict import predict
    from coe_scaffold.report import findings as view

    place = open_workspace(directory)
    targets = predict(place.settings, environment, place.compiler, place.clock)
    findings = check(place.settings, environment, targets, place.clock.now().date())
    if output == "sarif":
        from coe_scaffold.report.sarif import sarif

        emit(sarif(findings, version=__version__))
    elif output == "json":
        emit(view.document(findings, environment=environment))
    else:
        resources = sum(len(target.graph.resources) for target in targets)
        say(f"Judged {resources} resources that {environment} would have.")
        if open_findings(findings):
            say(view.text(findings, environment=environment))
        else:
            say(view.summary(findings, environment=environment))
    return 3 if at_or_above(findings, Severity(fail_on)) else 0
