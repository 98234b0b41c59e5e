"""How to create the Entra groups that fill the CoE functions: commands and Bicep; nothing is called."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coe_scaffold.catalog import function
from coe_scaffold.model.access import DirectoryEntry
from coe_scaffold.model.settings import Group, Settings

FORMATS = ("az", "graph", "bicep", "json")
"""What :func:`rendered` writes."""


@dataclass(frozen=True)
class WantedGroup:
    """A group of coe.yaml or project.yaml: the functions it fills, and its name there or a proposed one."""

    id: str
    name: str
    nickname: str
    description: str
    functions: tuple[str, ...]


def wanted_groups(settings: Settings) -> tuple[WantedGroup, ...]:
    """Return every group once, in the order of the functions; groups of projects come last."""
    found: dict[str, tuple[Group, list[str]]] = {}
    for name, group in settings.filled():
        found.setdefault(group.id.lower(), (group, []))[1].append(name)
    return tuple(_wanted(group, tuple(dict.fromkeys(names))) for group, names in found.values())


def verified(
    groups: Iterable[WantedGroup],
    known: Mapping[str, DirectoryEntry],
    called: Mapping[str, tuple[str, ...]],
) -> tuple[tuple[WantedGroup, ...], tuple[str, ...]]:
    """Return which groups have to be created, and what else is wrong with the others, one line each.

    ``known`` are the ids that the directory has, ``called`` the ids of the groups of a name. A group of
    which only the id is wrong is not created a second time.
    """
    missing, lines = [], []
    for group in groups:
        entry = known.get(group.id.lower())
        same = called.get(group.name, ())
        if entry is None and len(same) == 1:
            lines.append(f"{group.name} exists as {same[0]}: write that id instead of {group.id}")
        elif entry is None and same:
            lines.append(f"{len(same)} groups are called {group.name}; write one's id: {', '.join(same)}")
        elif entry is None:
            missing.append(group)
        elif entry.kind and entry.kind != "group":
            lines.append(f"{group.id} is the {_KINDS.get(entry.kind, entry.kind)} {entry.name}, not a group")
        elif entry.name and entry.name != group.name:
            lines.append(f"{group.id} is called '{entry.name}' in the directory, '{group.name}' here")
    return tuple(missing), tuple(lines)


_KINDS = {"user": "user", "servicePrincipal": "service principal"}


def rendered(form: str, groups: Iterable[WantedGroup]) -> str:
    """Return the commands, requests, template or document that creates the groups."""
    found = tuple(groups)
    match form:
        case "az":
            return "\n".join(_az(group) for group in found)
        case "graph":
            return "\n\n".join(
                f"POST https://graph.microsoft.com/v1.0/groups\n{json.dumps(_body(group), indent=2)}"
                for group in found
            )
        case "bicep":
            return "\n\n".join(["extension microsoftGraphV1", *(_bicep(group) for group in found)])
        case "json":
            rows = [{"id": group.id, "functions": list(group.functions), **_body(group)} for group in found]
            return json.dumps(
                {"format": "coe-scaffold/groups/v1", "groups": rows}, indent=2, ensure_ascii=False
            )
    raise ValueError(f"no format '{form}'")


def _wanted(group: Group, names: tuple[str, ...]) -> WantedGroup:
    name = group.name or f"ai-{names[0]}s"
    nickname = re.sub(r"[^A-Za-z0-9-]", "-", name).strip("-")[:64] or names[0]
    titles = ", ".join(function(one).title for one in names)
    return WantedGroup(group.id, name, nickname, f"Fills the AI CoE function {titles}.", names)


def _az(group: WantedGroup) -> str:
    words = ["az", "ad", "group", "create", "--display-name", group.name, "--mail-nickname", group.nickname]
    return f"{shlex.join([*words, '--description', group.description])}  # {', '.join(group.functions)}"


def _body(group: WantedGroup) -> dict[str, object]:
    return {
        "displayName": group.name,
        "description": group.description,
        "mailNickname": group.nickname,
        "mailEnabled": False,
        "securityEnabled": True,
    }


def _bicep(group: WantedGroup) -> str:
    symbol = re.sub(r"[^A-Za-z0-9]", "_", f"group_{group.nickname}")
    lines = [
        f"resource {symbol} 'Microsoft.Graph/groups@v1.0' = {{",
        f"  uniqueName: {_text(group.nickname)}",
        f"  displayName: {_text(group.name)}",
        f"  description: {_text(group.description)}",
        f"  mailNickname: {_text(group.nickname)}",
        "  mailEnabled: false",
        "  securityEnabled: true",
        "}",
        "",
        f"output {symbol}_id string = {symbol}.id",
    ]
    return "\n".join(lines)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${")
    return f"'{escaped}'"
