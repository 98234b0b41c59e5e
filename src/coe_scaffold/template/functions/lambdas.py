"""Functions that take lambdas; where a lambda that has to decide answers Unknown, the result is Unknown."""

from __future__ import annotations

from functools import cmp_to_key

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.template.functions.registry import Policy, array, declare, members, wrong
from coe_scaffold.template.values import UNDECIDED, Lambda


class _Undecided(Exception):  # noqa: N818 - a way out of a sort, never seen outside
    """A comparison turned out Unknown."""


def _lambda(function: str, value: Value) -> Lambda:
    if not isinstance(value, Lambda):
        raise wrong(function, "a lambda expression", value)
    return value


def _flag(function: str, value: Value) -> bool:
    if not isinstance(value, bool):
        raise wrong(function, "a lambda that returns a boolean", value)
    return value


def map_(value: Value, body: Value) -> list[Value]:
    """``map(array, item [, index] => value)``."""
    run = _lambda("map", body)
    return [run(item, index) for index, item in enumerate(array("map", value))]


def filter_(value: Value, body: Value) -> Value:
    """``filter(array, item [, index] => bool)``."""
    run = _lambda("filter", body)
    kept = []
    for index, item in enumerate(array("filter", value)):
        verdict = run(item, index)
        if isinstance(verdict, Unknown):
            return UNDECIDED
        if _flag("filter", verdict):
            kept.append(item)
    return kept


def reduce_(value: Value, start: Value, body: Value) -> Value:
    """``reduce(array, start, (current, next [, index]) => value)``."""
    run, result = _lambda("reduce", body), start
    for index, item in enumerate(array("reduce", value)):
        result = run(result, item, index)
    return result


def sort(value: Value, body: Value) -> Value:
    """``sort(array, (a, b) => a comes before b)``, stable."""
    run = _lambda("sort", body)

    def compare(left: Value, right: Value) -> int:
        for first, second, order in ((left, right, -1), (right, left, 1)):
            verdict = run(first, second)
            if isinstance(verdict, Unknown):
                raise _Undecided
            if _flag("sort", verdict):
                return order
        return 0

    try:
        return sorted(array("sort", value), key=cmp_to_key(compare))
    except _Undecided:
        return UNDECIDED


def to_object(value: Value, key: Value, body: Value = None) -> Value:
    """``toObject(array, item => key [, item => value])``."""
    name = _lambda("toObject", key)
    make = _lambda("toObject", body) if body is not None else None
    result: dict[str, Value] = {}
    for item in array("toObject", value):
        found = name(item)
        if isinstance(found, Unknown):
            return UNDECIDED
        if not isinstance(found, str):
            raise wrong("toObject", "a lambda that returns a string", found)
        result[found] = make(item) if make else item
    return result


def group_by(value: Value, key: Value, body: Value = None) -> Value:
    """``groupBy(array, item => key [, item => value])``: arrays by key."""
    name = _lambda("groupBy", key)
    make = _lambda("groupBy", body) if body is not None else None
    result: dict[str, list[Value]] = {}
    for item in array("groupBy", value):
        found = name(item)
        if isinstance(found, Unknown):
            return UNDECIDED
        if not isinstance(found, str):
            raise wrong("groupBy", "a lambda that returns a string", found)
        result.setdefault(found, []).append(make(item) if make else item)
    return result


def map_values(value: Value, body: Value) -> dict[str, Value]:
    """``mapValues(object, value => value)``."""
    run = _lambda("mapValues", body)
    return {key: run(item) for key, item in members("mapValues", value).items()}


FUNCTIONS = declare(
    Policy.SHAPE,
    map=(map_, 2, 2),
    filter=(filter_, 2, 2),
    reduce=(reduce_, 3, 3),
    sort=(sort, 2, 2),
    toObject=(to_object, 2, 3),
    groupBy=(group_by, 2, 3),
    mapValues=(map_values, 2, 2),
)
