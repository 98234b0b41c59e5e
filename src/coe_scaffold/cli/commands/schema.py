"""``coe schema``: print the JSON Schema of a file."""

from __future__ import annotations

import click

from coe_scaffold.cli.options import example
from coe_scaffold.cli.output import emit


@click.command(epilog=example("coe schema workspace > coe.schema.json"))
@click.argument("document", type=click.Choice(["workspace", "project", "plan"]))
def command(document: str) -> None:
    """Print the JSON Schema of coe.yaml (workspace), project.yaml (project) or plan.json (plan)."""
    if document == "plan":
        from coe_scaffold.planning.codec import json_schema as plan_schema

        emit(plan_schema())
        return
    from coe_scaffold.config.json_schema import json_schema

    emit(json_schema("workspace" if document == "workspace" else "project"))
