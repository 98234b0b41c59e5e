"""``coe report``: one HTML page about a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("coe report --out report.html"))
@workspace_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File; default: report.html in the workspace.",
)
@output_option
def command(directory: Path, out: Path | None, output: str) -> None:
    """Write one self-contained page: resources, role assignments, findings, evidence, for every environment.

    It is made offline from the files of the workspace, needs no network to read, and works without scripts.
    """
    from coe_scaffold.cli.context import open_workspace
    from coe_scaffold.operations.report import gather
    from coe_scaffold.report.page import page

    place = open_workspace(directory)
    target = (out or place.root / "report.html").resolve()
    data = gather(place.settings, compiler=place.compiler, clock=place.clock)
    place.files.write(target, page(data).encode())
    if output == "json":
        emit({"format": "coe-scaffold/report/v1", "file": str(target)})
        return
    say(f"Wrote {target}.")
