"""``coe quickstart``: the whole product once, on the embedded sandbox."""

from __future__ import annotations

from pathlib import Path

import click

from coe_scaffold.cli.options import example, no_input_option


@click.command(epilog=example("coe quickstart --dir ./quickstart"))
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("quickstart"),
    show_default=True,
    help="Folder of the sample workspace; an earlier quickstart there is continued.",
)
@no_input_option
def command(folder: Path, no_input: bool) -> int:
    """Generate, check, plan, apply and report a sample organisation, without an Azure account.

    Writes a workspace with nine CoE functions and three environments, its landing zone and one project
    repository; deploys dev to the embedded sandbox through the real Azure SDK; writes report.html. It asks
    nothing and can be repeated.
    """
    from coe_scaffold.cli.tour import tour

    return tour(folder.resolve())
