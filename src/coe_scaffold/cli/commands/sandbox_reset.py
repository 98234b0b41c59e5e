"""``coe sandbox reset``: forget everything the sandbox of a workspace holds."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, workspace_option, yes_option
from coe_scaffold.cli.output import confirm, notice


@click.command(epilog=example("coe sandbox reset --yes"))
@workspace_option
@yes_option
@no_input_option
def command(directory: Path, yes: bool, no_input: bool) -> None:
    """Delete the sandbox's state file; nothing outside .coe/ is touched."""
    from coe_scaffold.cli.context import STATE_FOLDER
    from coe_scaffold.local.workspace import find_home

    state = find_home(directory) / STATE_FOLDER / "sandbox.db"
    if not state.exists():
        notice("The sandbox holds nothing.")
        return
    confirm(f"Delete everything in {state}?", yes=yes, ask=may_ask(no_input))
    for path in (state, state.with_name(state.name + "-wal"), state.with_name(state.name + "-shm")):
        path.unlink(missing_ok=True)
    notice("The sandbox is empty.")
