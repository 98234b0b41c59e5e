"""``coe explain``: what a parameter of the landing zone means."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say

if TYPE_CHECKING:
    from coe_scaffold.operations.explain import Explanation


@click.command(epilog=example("coe explain network.egress"))
@click.argument("parameter", required=False)
@output_option
def command(parameter: str | None, output: str) -> None:
    """Say what PARAMETER does: type, default, allowed values, its template, and the guardrails it touches.

    PARAMETER is a name of a .bicepparam file, or a member such as network.egress. Without it, all are listed.
    """
    from coe_scaffold.operations.explain import explain, names

    if parameter is None:
        known = names()
        if output == "json":
            emit({"format": "coe-scaffold/explain/v1", "names": list(known)})
        else:
            say("\n".join(known))
        return
    found = explain(parameter)
    if output == "json":
        emit({"format": "coe-scaffold/explain/v1", "parameters": [asdict(item) for item in found]})
        return
    for item in found:
        _show(item)


def _show(item: Explanation) -> None:
    say(f"{item.name}  ({item.template})")
    say(f"  {item.description}")
    say(f"  type: {item.type}; default: {item.default}")
    if item.allowed:
        say(f"  allowed: {', '.join(item.allowed)}")
    for member in item.members:
        say(f"    .{member.name}  {member.type}: {member.description}")
    say(f"  reaches: {', '.join(item.resources) or 'no resource directly'}")
    say(f"  guardrails: {len(item.guardrails) or 'none'}")
    for guardrail, title in item.guardrails:
        say(f"    {guardrail}: {title}")
    say()
