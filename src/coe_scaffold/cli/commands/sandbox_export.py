"""``coe sandbox export``: the sandbox's state as one JSON document."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import emit


@click.command(epilog=example("coe sandbox export > estate.json"))
@workspace_option
def command(directory: Path) -> None:
    """Print everything the sandbox holds, so that ``coe sandbox import`` makes the same estate elsewhere.

    Work in progress and process records are left out. The document may hold secrets of templates.
    """
    from coe_scaffold.cli.context import STATE_FOLDER
    from coe_scaffold.errors import UsageError
    from coe_scaffold.local.workspace import find_home
    from coe_scaffold.sandbox.transfer import export

    state = find_home(directory) / STATE_FOLDER / "sandbox.db"
    if not state.exists():
        raise UsageError("the sandbox holds nothing", fix="Apply something first, or serve it once.")
    emit(export(state))
