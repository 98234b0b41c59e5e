"""``coe explain``: what a parameter of the landing zone means, a guardrail demands, or evidence proves."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from coe_scaffold.cli.options import example, output_option
from coe_scaffold.cli.output import emit, say

if TYPE_CHECKING:
    from coe_scaffold.model.json import JsonObject
    from coe_scaffold.operations.explain import Explanation

_FORMAT = "coe-scaffold/explain/v1"


@click.command(epilog=example("coe explain network.egress"))
@click.argument("name", required=False)
@output_option
def command(name: str | None, output: str) -> None:
    """Say what NAME means: a parameter of the landing zone, a guardrail, or an item of evidence.

    A parameter is a name of a .bicepparam file, or a member such as network.egress: its type, default,
    allowed values, template, and the guardrails it touches. A guardrail is an id such as kv-rbac: what it
    demands where, why, how to keep it, who owns it and where it comes from. An item of evidence is an id
    such as dpia: its file, who approves it at which gate, what is checked, and the articles of the EU AI
    Act, NIST AI RMF and ISO/IEC 42001 that ask for it. Without NAME, all are listed.
    """
    document, text = _all() if name is None else _one(name)
    if output == "json":
        emit({"format": _FORMAT, **document})
    else:
        say(text)


def _all() -> tuple[JsonObject, str]:
    from coe_scaffold.catalog import evidence
    from coe_scaffold.operations.explain import guardrails_by_id, names

    known = {
        "names": list(names()),
        "guardrails": list(guardrails_by_id()),
        "evidence": [item.id for item in evidence().items],
    }
    return {**known}, "\n\n".join("\n".join(ids) for ids in known.values())


def _one(name: str) -> tuple[JsonObject, str]:
    from coe_scaffold.catalog import evidence
    from coe_scaffold.operations.explain import explain, guardrails_by_id
    from coe_scaffold.report import catalogue
    from coe_scaffold.report import evidence as items

    if rule := guardrails_by_id().get(name.lower()):
        return {"guardrails": [catalogue.as_json(rule)]}, catalogue.as_text(rule)
    if item := evidence().item(name.lower()):
        return {"evidence": [items.as_json(item)]}, items.as_text(item)
    found = explain(name)
    return {"parameters": [asdict(one) for one in found]}, "\n\n".join(map(_text, found))


def _text(item: Explanation) -> str:
    lines = [f"{item.name}  ({item.template})", f"  {item.description}"]
    lines.append(f"  type: {item.type}; default: {item.default}")
    if item.allowed:
        lines.append(f"  allowed: {', '.join(item.allowed)}")
    lines += [f"    .{member.name}  {member.type}: {member.description}" for member in item.members]
    lines.append(f"  reaches: {', '.join(item.resources) or 'no resource directly'}")
    lines.append(f"  guardrails: {len(item.guardrails) or 'none'}")
    lines += [f"    {guardrail}: {title}" for guardrail, title in item.guardrails]
    return "\n".join(lines)
