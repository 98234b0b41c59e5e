"""``coe sandbox import``: an exported state, or documents such as built-in policies, into the sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, may_ask, no_input_option, workspace_option, yes_option
from coe_scaffold.cli.output import confirm, notice


@click.command(epilog=example("coe sandbox import estate.json --yes"))
@workspace_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@yes_option
@no_input_option
def command(directory: Path, file: Path, yes: bool, no_input: bool) -> None:
    """Put what FILE holds into the sandbox; what has the same id is replaced, all at once or not at all."""
    from coe_scaffold.cli.context import STATE_FOLDER
    from coe_scaffold.local.workspace import find_home
    from coe_scaffold.sandbox.transfer import read, take_in

    state = find_home(directory) / STATE_FOLDER / "sandbox.db"
    document = read(file.read_text(encoding="utf-8"), str(file))
    count = sum(len(items) for items in document.values())
    if state.exists():
        confirm(f"Put {count} documents into {state}?", yes=yes, ask=may_ask(no_input))
    state.parent.mkdir(exist_ok=True)
    take_in(state, document)
    notice(f"The sandbox has taken in {count} documents.")
