"""``coe access roles``: the role definitions the matrix rests on."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {"diff": ("access_roles_diff", "What has changed in Azure's built-in roles since our catalogue.")}


@click.group(cls=LazyGroup, table=TABLE, epilog=example("coe access roles diff"))
def command() -> None:
    """Built-in role definitions, as Azure has them now and as the catalogue has them."""
