"""``coe explain``: what a parameter of the landing zone means, or a guardrail demands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say

if TYPE_CHECKING:
    from coe_scaffold.operations.explain import Explanation

_FORMAT = "coe-scaffold/explain/v1"


@click.command(epilog=example("coe explain network.egress"))
@click.argument("name", required=False)
@output_option
def command(name: str | None, output: str) -> None:
    """Say what NAME means: a parameter of the landing zone, or a guardrail.

    A parameter is a name of a .bicepparam file, or a member such as network.egress: its type, default,
    allowed values, template, and the guardrails it touches. A guardrail is an id such as kv-rbac: what it
    demands where, why, how to keep it, who owns it and where it comes from. Without NAME, all are listed.
    """
    from coe_scaffold.operations.explain import explain, guardrails_by_id, names
    from coe_scaffold.report.catalogue import as_json, as_text

    if name is None:
        known, ids = names(), tuple(guardrails_by_id())
        if output == "json":
            emit({"format": _FORMAT, "names": list(known), "guardrails": list(ids)})
        else:
            say("\n".join([*known, "", *ids]))
        return
    rule = guardrails_by_id().get(name.lower())
    if rule is not None:
        if output == "json":
            emit({"format": _FORMAT, "guardrails": [as_json(rule)]})
        else:
            say(as_text(rule))
        return
    found = explain(name)
    if output == "json":
        emit({"format": _FORMAT, "parameters": [asdict(item) for item in found]})
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
