"""Functions on arrays and objects, lambdas among them, and on numbers, dates and addresses."""

from __future__ import annotations

import functools
import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from coe_scaffold.bicep.parameters.failure import EvaluationError

Function = Callable[..., Any]

_DURATION = re.compile(
    r"(?P<sign>-)?P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?\Z"
)


def take(value: Any, count: int) -> Any:
    """Return the first items or characters."""
    return value[: max(count, 0)]


def skip(value: Any, count: int) -> Any:
    """Return what follows the first items or characters."""
    return value[max(count, 0) :]


def first(value: Any) -> Any:
    """Return the first item or character; null or nothing when there is none."""
    return value[0] if value else ("" if isinstance(value, str) else None)


def last(value: Any) -> Any:
    """Return the last item or character; null or nothing when there is none."""
    return value[-1] if value else ("" if isinstance(value, str) else None)


def contains(value: Any, item: Any) -> bool:
    """Whether a text, array or object holds an item, part or key."""
    if isinstance(value, dict):
        return any(key.lower() == str(item).lower() for key in value)
    return item in value


def union(*values: Any) -> Any:
    """Return arrays joined without repeats, or objects merged deeply."""
    if all(isinstance(value, dict) for value in values):
        merged: dict[str, Any] = {}
        for value in values:
            merged = _merge(merged, value)
        return merged
    found: list[Any] = []
    for value in values:
        found += [item for item in value if item not in found]
    return found


def _merge(left: dict[str, Any], right: dict[str, Any]) -> dict[str, Any]:
    result = dict(left)
    for key, value in right.items():
        old = result.get(key)
        result[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return result


def intersection(*values: Any) -> Any:
    """Return what all arrays or all objects have in common."""
    head, *rest = values
    if isinstance(head, dict):
        return {
            key: value
            for key, value in head.items()
            if all(key in other and other[key] == value for other in rest)
        }
    return [item for item in head if all(item in other for other in rest)]


def concat(*values: Any) -> Any:
    """Return texts or arrays one after the other."""
    if values and all(isinstance(value, list) for value in values):
        return [item for value in values for item in value]
    from coe_scaffold.bicep.parameters.text_functions import to_text

    return "".join(to_text(value) for value in values)


def items(value: dict[str, Any]) -> list[dict[str, Any]]:
    """Return an object as a list of key and value, sorted by key."""
    return [{"key": key, "value": value[key]} for key in sorted(value, key=str.lower)]


def coalesce(*values: Any) -> Any:
    """Return the first value that is not null."""
    return next((value for value in values if value is not None), None)


def to_object(values: list[Any], key: Function, value: Function | None = None) -> dict[str, Any]:
    """Return an object made of an array."""
    return {key(item): value(item) if value else item for item in values}


def group_by(values: list[Any], key: Function, value: Function | None = None) -> dict[str, Any]:
    """Return an array grouped by a key."""
    found: dict[str, Any] = {}
    for item in values:
        found.setdefault(key(item), []).append(value(item) if value else item)
    return found


def sort(values: list[Any], before: Function) -> list[Any]:
    """Return an array sorted by a predicate that says whether one item comes before another."""

    def compare(left: Any, right: Any) -> int:
        return -1 if before(left, right) else 1 if before(right, left) else 0

    return sorted(values, key=functools.cmp_to_key(compare))


def with_index(function: Function, arity: int, values: list[Any]) -> list[Any]:
    """Return a lambda's results over an array, with the index when it takes one."""
    if arity > 1:
        return [function(item, number) for number, item in enumerate(values)]
    return [function(item) for item in values]


def reduce(values: list[Any], start: Any, function: Function) -> Any:
    """Return an array reduced to one value."""
    arity = getattr(function, "arity", 2)
    for number, item in enumerate(values):
        start = function(start, item, number) if arity > 2 else function(start, item)
    return start


def try_get(value: Any, *keys: Any) -> Any:
    """Return a nested value, null where something is absent."""
    for key in keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def cidr(network: str, length: int, index: int) -> str:
    """Return a subnet of a network by its number."""
    parsed = ipaddress.ip_network(network, strict=False)
    size = 1 << (parsed.max_prefixlen - length)
    start = int(parsed.network_address) + index * size
    if length < parsed.prefixlen or start > int(parsed.broadcast_address):
        raise EvaluationError(f"The network {network} has no subnet /{length} number {index}.")
    return str(ipaddress.ip_network((start, length)))


def cidr_host(network: str, index: int) -> str:
    """Return a host of a network by its number."""
    parsed = ipaddress.ip_network(network, strict=False)
    offset = 1 if parsed.version == 4 and parsed.prefixlen < 31 else 0
    return str(parsed.network_address + index + offset)


def parse_cidr(network: str) -> dict[str, Any]:
    """Return the parts of a network."""
    parsed = ipaddress.ip_network(network, strict=False)
    small = parsed.num_addresses <= 2
    return {
        "network": str(parsed.network_address),
        "netmask": str(parsed.netmask),
        "broadcast": str(parsed.broadcast_address),
        "firstUsable": str(parsed.network_address + (0 if small else 1)),
        "lastUsable": str(parsed.broadcast_address - (0 if small else 1)),
        "cidr": parsed.prefixlen,
    }


def date_add(base: str, duration: str, pattern: str | None = None) -> str:
    """Return a date plus an ISO 8601 duration."""
    found = _DURATION.match(duration)
    if found is None or pattern is not None:
        raise EvaluationError("This form of dateTimeAdd is not supported by the embedded compiler.")
    parts = {name: int(value) for name, value in found.groupdict().items() if value and name != "sign"}
    sign = -1 if found["sign"] else 1
    moment = datetime.fromisoformat(base.replace("Z", "+00:00"))
    months = (
        moment.year * 12 + moment.month - 1 + sign * (parts.get("years", 0) * 12 + parts.get("months", 0))
    )
    year, month = divmod(months, 12)
    day = moment.day
    while True:
        try:
            moment = moment.replace(year=year, month=month + 1, day=day)
            break
        except ValueError:
            day -= 1
    span = timedelta(
        weeks=parts.get("weeks", 0),
        days=parts.get("days", 0),
        hours=parts.get("hours", 0),
        minutes=parts.get("minutes", 0),
        seconds=parts.get("seconds", 0),
    )
    return (moment + sign * span).strftime("%Y-%m-%dT%H:%M:%SZ")


COLLECTION_FUNCTIONS: dict[str, Function] = {
    "array": lambda value: value if isinstance(value, list) else [value],
    "cidrHost": cidr_host,
    "cidrSubnet": cidr,
    "coalesce": coalesce,
    "concat": concat,
    "contains": contains,
    "dateTimeAdd": date_add,
    "dateTimeFromEpoch": lambda value: datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "dateTimeToEpoch": lambda value: int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()),
    "empty": lambda value: value is None or len(value) == 0,
    "filter": lambda values, keep: [
        item
        for item, kept in zip(values, with_index(keep, getattr(keep, "arity", 1), values), strict=True)
        if kept
    ],
    "first": first,
    "flatten": lambda values: [item for value in values for item in value],
    "groupBy": group_by,
    "intersection": intersection,
    "items": items,
    "join": lambda values, mark: mark.join(str(value) for value in values),
    "last": last,
    "length": len,
    "map": lambda values, function: with_index(function, getattr(function, "arity", 1), values),
    "mapValues": lambda value, function: {key: function(item) for key, item in value.items()},
    "max": lambda *values: max(values[0] if isinstance(values[0], list) else values),
    "min": lambda *values: min(values[0] if isinstance(values[0], list) else values),
    "objectKeys": lambda value: sorted(value, key=str.lower),
    "parseCidr": parse_cidr,
    "range": lambda start, count: list(range(start, start + count)),
    "reduce": reduce,
    "shallowMerge": lambda values: {key: item for value in values for key, item in value.items()},
    "skip": skip,
    "sort": sort,
    "take": take,
    "toObject": to_object,
    "tryGet": try_get,
    "union": union,
}
