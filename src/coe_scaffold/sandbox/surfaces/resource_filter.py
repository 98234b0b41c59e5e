"""The ``$filter`` of a list of resources: comparisons and ``substringof``, joined with ``and`` and ``or``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope
from coe_scaffold.sandbox import refusals

_COMPARED = re.compile(
    r"(?i)(resourceType|name|location|resourceGroup|tagName|tagValue|identity/principalId|plan/name|kind)"
    r"\s+(eq|ne)\s+'([^']*)'"
)
_PART = re.compile(r"(?i)substringof\('([^']*)',\s*(name|resourceGroup)\)")
_START = re.compile(r"(?i)startswith\((tagName|name),\s*'([^']*)'\)")

Facts = Mapping[str, str]
"""What a filter can ask of a resource, in lower case, with one of its tags."""


def parsed(text: str) -> Callable[[Json], bool]:
    """Return what tells whether a listed resource meets a filter; raise ArmError for one not understood."""
    choices = [
        [_condition(part.strip(), text) for part in re.split(r"(?i)\s+and\s+", choice) if part.strip()]
        for choice in re.split(r"(?i)\s+or\s+", text.strip())
    ]

    def meets(item: Json) -> bool:
        return any(all(test(facts) for test in choice) for facts in _facts(item) for choice in choices)

    return meets


def _condition(clause: str, whole: str) -> Callable[[Facts], bool]:
    clause = clause.removeprefix("(").removesuffix(")") if clause.startswith("(") else clause
    if match := _COMPARED.fullmatch(clause):
        name, value, same = match[1].lower(), match[3].lower(), match[2].lower() == "eq"
        return lambda facts: (facts.get(name) == value) is same
    if match := _PART.fullmatch(clause):
        part, inside = match[1].lower(), match[2].lower()
        return lambda facts: part in facts[inside]
    if match := _START.fullmatch(clause):
        name, start = match[1].lower(), match[2].lower()
        return lambda facts: facts.get(name, "\0").startswith(start)
    raise refusals.not_modelled(f'the filter "{whole}" of resources')


def _facts(item: Json) -> Iterator[Facts]:
    """Yield the facts of a resource once for each of its tags: a filter names tag and value together."""
    own = {
        "resourcetype": item["type"],
        "name": item["name"],
        "location": item["location"],
        "resourcegroup": Scope(item["id"]).resource_group,
        "kind": item.get("kind") or "",
        "identity/principalid": (item.get("identity") or {}).get("principalId") or "",
        "plan/name": (item.get("plan") or {}).get("name") or "",
    }
    facts = {key: str(value).lower() for key, value in own.items()}
    tags = item.get("tags") or {}
    for name, value in tags.items():
        yield {**facts, "tagname": name.lower(), "tagvalue": str(value).lower()}
    if not tags:
        yield facts
