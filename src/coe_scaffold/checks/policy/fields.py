"""What a policy's ``field`` stands for on a resource: generic fields, tags and aliases with ``[*]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.resources import Resource

_TOKEN = re.compile(r"\[\*\]|[^./\[\]]+")
_TAG = re.compile(r"(?i)^tags(?:\.(?P<dotted>.+)|\['(?P<quoted>.+)'\]|\[(?P<plain>.+)\])$")
_IRREGULAR = (
    "microsoft.compute/image",
    "microsoft.compute/virtualmachines/image",
    "microsoft.compute/virtualmachines/sku",
    "microsoft.compute/virtualmachines/osdisk",
    "microsoft.compute/virtualmachinescalesets/image",
    "microsoft.compute/virtualmachinescalesets/sku",
    "microsoft.storage/storageaccounts/enableblobencryption",
    "microsoft.storage/storageaccounts/enablefileencryption",
)
"""Starts of aliases whose path is not their name; the table of aliases is known only to Azure."""

ONLY_AZURE = ("privateendpointconnections", "flowlogs", "provisioningstate", "primaryendpoints")
"""Members that Azure fills in: when a template does not set them they are unknown, not absent."""

_OF_TYPE = {"microsoft.network/publicipaddresses": ("ipconfiguration", "natgateway")}
"""Such members of one type: other types set members of these names themselves."""


@dataclass(frozen=True)
class Field:
    """The values a field selects. ``collection`` is True for an alias with ``[*]``: then all count.

    A value of None is absent or null. Without ``[*]`` there is exactly one value.
    """

    values: tuple[Value, ...]
    collection: bool = False


def select(name: str, resource: Resource, bound: Mapping[str, Value]) -> Field:
    """Return what a field selects on a resource.

    ``bound`` maps lower-case aliases ending in ``[*]`` to the one member that is being counted. Raises
    NotSupportedError for an alias whose path cannot be told from its name.
    """
    generic = _generic(name, resource)
    if generic is not None:
        return generic
    if "/" not in name:
        raise NotSupportedError(f"the field '{name}' is not known")
    if name.lower().startswith(_IRREGULAR):
        raise NotSupportedError(f"the path of the alias '{name}' is not known")
    return _alias(name, resource, bound)


def _generic(name: str, resource: Resource) -> Field | None:
    body = resource.body
    tag = _TAG.match(name)
    if tag:
        key = tag["dotted"] or (tag["quoted"] or "").replace("''", "'") or tag["plain"]
        return Field((_member(body.get("tags"), key, flat=True),))
    match name.lower():
        case "name":
            value: Value = resource.name.rpartition("/")[2]
        case "fullname":
            value = resource.name
        case "id":
            value = resource.id.path
        case "type":
            return Field((resource.type,))
        case "location":
            value = body.get("location", "global")
            value = value.replace(" ", "").lower() if isinstance(value, str) else value
            return Field((value,))
        case "kind" | "tags":
            return Field((body.get(name.lower()),))
        case "identity.type" | "identity.userassignedidentities":
            return Field((_member(body.get("identity"), name.partition(".")[2], flat=True),))
        case _:
            return None
    return Field((value if resource.known_id else Unknown(f"{name} of {resource.type}"),))


def _alias(name: str, resource: Resource, bound: Mapping[str, Value]) -> Field:
    collection = "[*]" in name
    missing = Field((), collection=True) if collection else Field((None,))
    for holder in sorted(bound, key=len, reverse=True):
        for start in (holder, holder.replace("[*]", "")):  # some aliases leave [*] out: logs.enabled
            if _starts(name, start) and (start == holder or len(name) > len(start)):
                return Field(_walk((bound[holder],), name[len(start) :]), collection)
    if not name.lower().startswith(f"{resource.type.lower()}/"):
        return missing
    rest = name[len(resource.type) + 1 :]
    if resource.type.lower() == "microsoft.web/sites/config":
        rest = re.sub(r"(?i)^web\.", "", rest)
    body: Mapping[str, Value] = resource.body
    first = _TOKEN.match(rest)
    filled_in = (*ONLY_AZURE, *_OF_TYPE.get(resource.type.lower(), ()))
    if first is not None and first[0].lower() in filled_in and not _holds(body.get("properties"), first):
        return Field((Unknown(name),), collection)
    inside = body.get("properties")
    starts = (
        inside if isinstance(inside, Unknown) or _holds(inside, first) or not _holds(body, first) else body
    )
    found = _walk((starts,), rest)
    return (
        Field(found, collection) if collection or len(found) == 1 else Field(found or (None,), len(found) > 1)
    )


def _starts(name: str, key: str) -> bool:
    rest = name[len(key) :]
    return name.lower().startswith(key) and (not rest or rest[0] in ".[/")


def _holds(value: Value, token: re.Match[str] | None) -> bool:
    return (
        isinstance(value, Mapping) and token is not None and _member(value, token[0], flat=True) is not None
    )


def _walk(values: tuple[Value, ...], path: str) -> tuple[Value, ...]:
    for token in _TOKEN.findall(path):
        if token == "[*]":
            values = tuple(item for value in values for item in _elements(value))
        else:
            single = (
                item for value in values for item in (value if isinstance(value, list | tuple) else (value,))
            )
            values = tuple(_member(value, token) for value in single)
    return values


def _elements(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Unknown):
        return (value,)
    return tuple(value) if isinstance(value, list | tuple) else ()


def _member(value: Value, name: str, *, flat: bool = False) -> Value:
    """Return a member without regard to case; aliases leave out the ``properties`` of nested resources."""
    if isinstance(value, Unknown):
        return value
    if not isinstance(value, Mapping):
        return None
    wanted = name.casefold()
    for key, item in value.items():
        if str(key).casefold() == wanted:
            return item
    inner = value.get("properties")
    return _member(inner, name, flat=True) if inner is not None and not flat else None
