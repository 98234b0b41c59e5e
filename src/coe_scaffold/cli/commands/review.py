"""``coe review``: is a project's evidence complete?"""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example
from coe_scaffold.cli.output import emit, say
from coe_scaffold.cli.repositories import home_option, repository_argument

_GATES = ("intake", "design", "build", "release", "operate")


@click.command(epilog=example("coe review claims-chat --gate release --output markdown"))
@repository_argument
@home_option
@click.option("--gate", type=click.Choice(_GATES), help="One gate; default: all.")
@click.option(
    "-o", "--output", type=click.Choice(["text", "json", "markdown", "sarif"]), default="text", help="Format."
)
def command(repository: Path, directory: Path | None, gate: str | None, output: str) -> int:
    """Check the evidence that REPOSITORY owes for its kind and risk tier, and list what lacks.

    What a check can see is checked: files, fields, sections, dates, hashes, pipelines. What only a person
    can do is named with the function that approves it. Exit code 3 when anything lacks.
    """
    from coe_scaffold import __version__
    from coe_scaffold.cli.repositories import project_in, settings_of
    from coe_scaffold.local.clock import SystemClock
    from coe_scaffold.operations.review import review
    from coe_scaffold.report import review as view

    project = project_in(repository, settings_of(repository, directory))
    result = review(repository.resolve(), project, gate=gate or "", today=SystemClock().now().date())
    match output:
        case "json":
            emit(view.document(result))
        case "markdown":
            say(view.markdown(result))
        case "sarif":
            emit(view.sarif(result, version=__version__))
        case _:
            say(view.text(result))
    return 0 if result.passed else 3
