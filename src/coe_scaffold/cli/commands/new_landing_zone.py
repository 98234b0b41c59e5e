"""``coe new landing-zone``: plain Bicep and parameters for the environments in coe.yaml."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, no_input_option, output_option, workspace_option
from coe_scaffold.cli.output import show_made


@click.command(epilog=example("coe new landing-zone"))
@workspace_option
@no_input_option
@output_option
def command(directory: Path, no_input: bool, output: str) -> None:
    """Write landing-zone/ into the workspace: Bicep modules, and one parameter file per environment.

    Everything comes from coe.yaml, so there is nothing to ask. An existing landing-zone/ is refused.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.new import new_landing_zone

    place = open_workspace(directory)
    made = new_landing_zone(place.settings, place.files, today=place.clock.now().date())
    show_made(made, output, "coe new project claims-chat --kind rag, then coe check --env dev.")
