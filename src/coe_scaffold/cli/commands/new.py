"""``coe new``: generate a landing zone or a project repository."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {
    "landing-zone": ("new_landing_zone", "Bicep modules and one parameter file per environment."),
    "project": ("new_project", "A project repository of a kind, such as rag."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog=example("coe new project claims-chat --kind rag"))
def command() -> None:
    """Generate plain files from the packaged templates; nothing is ever overwritten."""
