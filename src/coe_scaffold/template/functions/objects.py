"""Object functions."""

from __future__ import annotations

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.registry import Policy, array, declare, members, text
from coe_scaffold.template.values import UNDECIDED, Partial, find


def create_object(*values: Value) -> Value:
    """``createObject(key, value, ...)``."""
    if len(values) % 2:
        raise TemplateFailure(
            "The template language function 'createObject' expects an even number of arguments."
        )
    if any(isinstance(key, Unknown) for key in values[::2]):
        return UNDECIDED
    return {text("createObject", key): value for key, value in zip(values[::2], values[1::2], strict=True)}


def items(value: Value) -> list[Value]:
    """``items(object)``: its members as ``{key, value}``, sorted by key."""
    found = members("items", value)
    return [{"key": key, "value": found[key]} for key in sorted(found, key=_order)]


def object_keys(value: Value) -> list[Value]:
    """``objectKeys(object)``, sorted."""
    return sorted(members("objectKeys", value), key=_order)


def _order(key: str) -> tuple[str, str]:
    return (key.lower(), key.swapcase())


def shallow_merge(value: Value) -> Value:
    """``shallowMerge(array of objects)``: later members win."""
    result: dict[str, Value] = {}
    for item in array("shallowMerge", value):
        if isinstance(item, Unknown | Partial):
            return UNDECIDED
        for key, member in members("shallowMerge", item).items():
            result[find(result, key) or key] = member
    return result


def try_get(value: Value, *keys: Value) -> Value:
    """``tryGet(object or array, key, ...)``: null where plain access would fail on the first key."""
    for position, key in enumerate(keys):
        if isinstance(value, Unknown) or isinstance(key, Unknown):
            return UNDECIDED
        place, backwards = _place(key)
        if isinstance(value, dict) and isinstance(place, str):
            found = find(value, place)
            if found is None:
                return UNDECIDED if isinstance(value, Partial) else _missing(position, key)
            value = value[found]
        elif isinstance(value, list) and isinstance(place, int):
            index = len(value) - place if backwards else place
            if not 0 <= index < len(value):
                return _missing(position, key)
            value = value[index]
        elif value is None or position == 0:
            return _missing(position, key)
        else:
            raise TemplateFailure(f"The language expression property '{key}' can't be selected.")
    return value


def _missing(position: int, key: Value) -> None:
    if position > 0:
        raise TemplateFailure(f"The language expression property '{key}' doesn't exist.")


def _place(key: Value) -> tuple[Value, bool]:
    """A key that counts from the end comes as ``{value, fromEnd}``."""
    if isinstance(key, dict):
        return key.get("value"), bool(key.get("fromEnd"))
    return key, False


FUNCTIONS = {
    **declare(Policy.SHAPE, items=(items, 1, 1), objectKeys=(object_keys, 1, 1)),
    **declare(
        Policy.OPEN,
        createObject=(create_object, 0, None),
        tryGet=(try_get, 2, None),
    ),
    **declare(Policy.SHAPE, shallowMerge=(shallow_merge, 1, 1)),
}
