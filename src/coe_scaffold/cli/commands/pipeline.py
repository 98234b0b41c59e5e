"""``coe pipeline``: a project's pipelines at their provider."""

from __future__ import annotations

import click

from coe_scaffold.cli.lazy import LazyGroup
from coe_scaffold.cli.options import example

TABLE = {"wire": ("pipeline_wire", "Variables, environments and reviewers, as commands or at once.")}


@click.group(cls=LazyGroup, table=TABLE, epilog=example("coe pipeline wire claims-chat"))
def command() -> None:
    """Connect pipelines with the identities of a project's landing zone; no secret anywhere."""
