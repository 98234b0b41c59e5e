"""``coe runs``: what was applied from this workspace, and what can be resumed or undone."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe runs"))
@workspace_option
@click.argument("run", required=False)
@output_option
def command(directory: Path, run: str | None, output: str) -> int:
    """List the runs of this workspace, oldest first, or tell what RUN made and what it has left to do."""
    from coe_scaffold.cli.context import open_place
    from coe_scaffold.operations.runs import find_run, known_runs
    from coe_scaffold.report import runs as view

    place = open_place(directory)
    found = (find_run(place.runs, run, place.files),) if run else known_runs(place.runs, place.files)
    if output == "json":
        emit(view.document(found))
    else:
        say(view.detail(found[0]) if run else view.text(found))
    return 0
