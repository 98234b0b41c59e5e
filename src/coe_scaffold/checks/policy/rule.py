"""The ``if`` block of a policy rule on one resource: allOf, anyOf, not, field, value, count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from coe_scaffold.checks.policy.conditions import holds, known_condition
from coe_scaffold.checks.policy.expressions import Sight
from coe_scaffold.checks.policy.fields import select
from coe_scaffold.checks.policy.model import NotSupportedError
from coe_scaffold.model.json import Json, Unknown, Value


def matches(block: Json, sight: Sight) -> bool | None:
    """Return whether an ``if`` or ``where`` block holds; None when an unknown value decides.

    Raises NotSupportedError when a part that could decide is not known to this evaluator.
    """
    if not isinstance(block, dict):
        raise NotSupportedError("a condition must be an object")
    members = {key.lower(): value for key, value in block.items()}
    if "not" in members:
        inner = matches(members["not"], sight)
        return None if inner is None else not inner
    if "allof" in members:
        return _together(_list(members["allof"]), sight, decisive=False)
    if "anyof" in members:
        return _together(_list(members["anyof"]), sight, decisive=True)
    return _condition(block, members, sight)


def _together(blocks: Iterable[Json], sight: Sight, *, decisive: bool) -> bool | None:
    """``allOf`` is decided by one False, ``anyOf`` by one True, whatever the others are."""
    undecided = False
    refused: NotSupportedError | None = None
    for block in blocks:
        try:
            outcome = matches(block, sight)
        except NotSupportedError as error:
            refused = refused or error
            continue
        if outcome is decisive:
            return decisive
        undecided = undecided or outcome is None
    if refused is not None:
        raise refused
    return None if undecided else not decisive


def _condition(block: dict[str, Json], members: dict[str, Json], sight: Sight) -> bool | None:
    tests = [(name, wanted) for name, wanted in block.items() if known_condition(name)]
    if len(tests) != 1:
        unknown = sorted(set(block) - {"field", "value", "count"}) or ["none"]
        raise NotSupportedError(f"the condition '{', '.join(unknown)}' is not known")
    name, written = tests[0]
    wanted = sight.value(written)
    if "count" in members:
        return _counted(members["count"], sight, lambda number: holds(name, number, wanted))
    if "value" in members:
        return holds(name, sight.value(members["value"]), wanted)
    if "field" in members and sight.resource is not None:
        field = sight.value(members["field"])
        if not isinstance(field, str):
            raise NotSupportedError("the name of a field is not known")
        found = select(field, sight.resource, sight.bound)
        if field.lower() == "location" and "match" not in name.lower():
            wanted = _regions(wanted)
        return _all(holds(name, value, wanted) for value in found.values)
    raise NotSupportedError("a condition needs a field, a value or a count")


def _counted(count: Json, sight: Sight, test: Callable[[int], bool | None]) -> bool | None:
    """Return whether a count meets its condition; decided also when every possible number agrees."""
    if not isinstance(count, dict):
        raise NotSupportedError("'count' must be an object")
    if "field" in count and sight.resource is not None:
        key = str(sight.value(count["field"]))
        if "[*]" not in key:
            raise NotSupportedError(f"'count' needs an alias with [*], '{key}' has none")
        items = select(key, sight.resource, sight.bound).values
    else:
        key = str(count.get("name", "default"))
        listed = sight.value(count.get("value"))
        if isinstance(listed, Unknown):
            return None
        items = tuple(listed) if isinstance(listed, list | tuple) else ()
    least, most = 0, 0
    for item in items:
        inside = replace(sight, bound={**sight.bound, key.lower(): item})
        outcome = matches(count["where"], inside) if "where" in count else _present(item)
        least += outcome is True
        most += outcome is not False
    outcomes = {test(number) for number in range(least, most + 1)}
    return outcomes.pop() if len(outcomes) == 1 else None


def _regions(wanted: Value) -> Value:
    """Return names of regions as they are compared: ``West Europe`` is ``westeurope``."""
    if isinstance(wanted, list | tuple):
        return [_regions(item) for item in wanted]
    return wanted.replace(" ", "") if isinstance(wanted, str) else wanted


def _present(item: Value) -> bool | None:
    return None if isinstance(item, Unknown) else True


def _all(outcomes: Iterable[bool | None]) -> bool | None:
    undecided = False
    for outcome in outcomes:
        if outcome is False:
            return False
        undecided = undecided or outcome is None
    return None if undecided else True


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise NotSupportedError("'allOf' and 'anyOf' need a list")
    return value
