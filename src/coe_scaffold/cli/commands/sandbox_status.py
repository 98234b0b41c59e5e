"""``coe sandbox status``: what the sandbox of a workspace holds."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, workspace_option
from coe_scaffold.cli.output import emit


@click.command(epilog=example("coe sandbox status"))
@workspace_option
def command(directory: Path) -> None:
    """Print how many documents of each kind the state file holds, as JSON; starts nothing."""
    from coe_scaffold.cli.context import STATE_FOLDER
    from coe_scaffold.local.workspace import find_home
    from coe_scaffold.sandbox.transfer import counts

    state = find_home(directory) / STATE_FOLDER / "sandbox.db"
    held = counts(state) if state.exists() else {}
    emit({"format": "coe-scaffold/sandbox-status/v1", "state": str(state), "holds": held})
