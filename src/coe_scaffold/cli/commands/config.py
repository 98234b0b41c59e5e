"""``coe config``: what coe.yaml says, and where each value comes from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from coe_scaffold.cli.options import example, output_option, workspace_option
from coe_scaffold.cli.output import emit, say


@click.command(epilog=example("COE_LOCATIONS__DEFAULT=westeurope coe config"))
@workspace_option
@output_option
def command(directory: Path, output: str) -> None:
    """Show every setting with its origin: default, coe.yaml line, or COE_* variable."""
    from coe_scaffold.config.workspace import origins
    from coe_scaffold.local.workspace import find_root, sources

    workspace, _ = sources(find_root(directory))
    rows = origins(workspace, environ=os.environ)
    if output == "json":
        settings = [{"key": key, "value": value, "origin": origin} for key, value, origin in rows]
        emit({"format": "coe-scaffold/config/v1", "settings": settings})
        return
    width = max(len(key) for key, _, _ in rows)
    for key, value, origin in rows:
        say(f"{key:{width}}  {value}  ({origin})")
