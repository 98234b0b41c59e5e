"""Array functions, and those that take arrays, objects or text alike."""

from __future__ import annotations

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions.formatting import in_words
from coe_scaffold.template.functions.registry import Policy, array, declare, integer, text, wrong
from coe_scaffold.template.values import UNDECIDED, Partial, find, same

_LONGEST_RANGE = 10_000


def concat(*values: Value) -> Value:
    """``concat(...)``: arrays to one array, anything else to one string."""
    if isinstance(values[0], list):
        return [item for value in values for item in array("concat", value)]
    for value in values:
        if isinstance(value, list | dict):
            raise wrong("concat", "all strings or all arrays", value)
    return "".join(in_words(value) for value in values)


def contains(container: Value, wanted: Value) -> Value:
    """``contains(array, item)``, ``contains(object, key)`` or ``contains(text, part)``."""
    if isinstance(container, Unknown) or isinstance(wanted, Unknown):
        return UNDECIDED
    match container:
        case dict():
            if find(container, in_words(wanted)) is not None:
                return True
            return UNDECIDED if isinstance(container, Partial) else False
        case list():
            verdicts = [same(item, wanted) for item in container]
            if True in verdicts:
                return True
            return UNDECIDED if None in verdicts else False
        case str():
            return in_words(wanted) in container
    raise wrong("contains", "an array, an object or a string", container)


def length(value: Value) -> int:
    """``length(array, object or text)``."""
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass")) // 2
    if not isinstance(value, list | dict):
        raise wrong("length", "an array, an object or a string", value)
    return len(value)


def empty(value: Value) -> Value:
    """``empty(array, object or text)``; null is empty."""
    if isinstance(value, Unknown) or (isinstance(value, Partial) and not value):
        return UNDECIDED
    if value is None:
        return True
    if not isinstance(value, list | dict | str):
        raise wrong("empty", "an array, an object or a string", value)
    return len(value) == 0


def first(value: Value) -> Value:
    """``first(array or text)``: null or empty text when there is none."""
    if not isinstance(value, list | str):
        raise wrong("first", "an array or a string", value)
    return (value[0] if value else None) if isinstance(value, list) else value[:1]


def last(value: Value) -> Value:
    """``last(array or text)``: null or empty text when there is none."""
    if not isinstance(value, list | str):
        raise wrong("last", "an array or a string", value)
    return (value[-1] if value else None) if isinstance(value, list) else value[-1:]


def skip(value: Value, count: Value) -> Value:
    """``skip(array or text, count)``."""
    if not isinstance(value, list | str):
        raise wrong("skip", "an array or a string", value)
    return value[max(0, integer("skip", count)) :]


def take(value: Value, count: Value) -> Value:
    """``take(array or text, count)``."""
    if not isinstance(value, list | str):
        raise wrong("take", "an array or a string", value)
    return value[: max(0, integer("take", count))]


def index_of(value: Value, wanted: Value) -> int:
    """``indexOf(array or text, item)``; text without regard to case."""
    if isinstance(value, list):
        return next((index for index, item in enumerate(value) if same(item, wanted)), -1)
    return text("indexOf", value).lower().find(text("indexOf", wanted).lower())


def last_index_of(value: Value, wanted: Value) -> int:
    """``lastIndexOf(array or text, item)``; text without regard to case."""
    if isinstance(value, list):
        return next((index for index in range(len(value) - 1, -1, -1) if same(value[index], wanted)), -1)
    return text("lastIndexOf", value).lower().rfind(text("lastIndexOf", wanted).lower())


def range_(start: Value, count: Value) -> list[int]:
    """``range(start, count)``."""
    begin, number = integer("range", start), integer("range", count)
    if not 0 <= number <= _LONGEST_RANGE or begin + number > 2**31 - 1:
        raise TemplateFailure(
            "The template language function 'range' expects a count from 0 to "
            f"{_LONGEST_RANGE} and a sum below 2147483647: '{begin}', '{number}'."
        )
    return list(range(begin, begin + number))


def flatten(value: Value) -> Value:
    """``flatten(array of arrays)``."""
    result: list[Value] = []
    for item in array("flatten", value):
        if isinstance(item, Unknown):
            return UNDECIDED
        result += array("flatten", item)
    return result


def chunk(value: Value, size: Value) -> list[Value]:
    """``chunk(array, size)``: the array cut into arrays of a size."""
    items, width = array("chunk", value), integer("chunk", size)
    if width < 1:
        raise TemplateFailure("The template language function 'chunk' expects a size of 1 or more.")
    return [items[at : at + width] for at in range(0, len(items), width)]


def from_end(value: Value, place: Value) -> Value:
    """``indexFromEnd(array, place)``: the last element is at place 1."""
    items, index = array("indexFromEnd", value), integer("indexFromEnd", place)
    if not 1 <= index <= len(items):
        raise TemplateFailure(
            f"The language expression property array index '{index}' from the end is out of bounds."
        )
    return items[-index]


def try_from_end(value: Value, place: Value) -> Value:
    """``tryIndexFromEnd(array, place)``: null when there is no such element."""
    if value is None:
        return None
    items, index = array("tryIndexFromEnd", value), integer("tryIndexFromEnd", place)
    return items[-index] if 1 <= index <= len(items) else None


def union(*values: Value) -> Value:
    """``union(...)``: arrays without repeats, or objects merged deeply, later ones winning."""
    if isinstance(values[0], dict):
        result: dict[str, Value] = {}
        for value in values:
            if not isinstance(value, dict):
                raise wrong("union", "all arrays or all objects", value)
            result = _merged(result, value)
        return result
    return distinct([item for value in values for item in array("union", value)])


def distinct(items: Value) -> Value:
    """``distinct(array)``: each item once, in the order of their first places."""
    result: list[Value] = []
    for item in array("distinct", items):
        verdicts = [same(item, other) for other in result]
        if True in verdicts:
            continue
        if None in verdicts:
            return UNDECIDED
        result.append(item)
    return result


def _merged(under: dict[str, Value], over: dict[str, Value]) -> dict[str, Value]:
    result = dict(under)
    for key, value in over.items():
        name = find(result, key) or key
        below = result.get(name)
        if isinstance(below, Partial) or isinstance(value, Partial):
            result[name] = value
        elif isinstance(below, dict) and isinstance(value, dict):
            result[name] = _merged(below, value)
        else:
            result[name] = value
    return result


def intersection(*values: Value) -> Value:
    """``intersection(...)``: items in all arrays, or members equal in all objects."""
    if isinstance(values[0], dict):
        others = [value for value in values[1:] if isinstance(value, dict)]
        if len(others) < len(values) - 1:
            raise wrong("intersection", "all arrays or all objects", values)
        return {
            key: value
            for key, value in values[0].items()
            if all(key in other and same(value, other[key]) for other in others)
        }
    items: list[Value] = distinct(array("intersection", values[0]))
    for other in values[1:]:
        kept = array("intersection", other)
        items = [item for item in items if any(same(item, candidate) for candidate in kept)]
    return items


FUNCTIONS = {
    **declare(
        Policy.SHAPE,
        array=(lambda value: value if isinstance(value, list) else [value], 1, 1),
        chunk=(chunk, 2, 2),
        first=(first, 1, 1),
        last=(last, 1, 1),
        skip=(skip, 2, 2),
        take=(take, 2, 2),
        length=(length, 1, 1),
        range=(range_, 2, 2),
        distinct=(distinct, 1, 1),
        flatten=(flatten, 1, 1),
        concat=(concat, 1, None),
        union=(union, 1, None),
        indexFromEnd=(from_end, 2, 2),
        tryIndexFromEnd=(try_from_end, 2, 2),
    ),
    **declare(
        Policy.WHOLE,
        indexOf=(index_of, 2, 2),
        lastIndexOf=(last_index_of, 2, 2),
        intersection=(intersection, 2, None),
    ),
    **declare(
        Policy.OPEN,
        contains=(contains, 2, 2),
        empty=(empty, 1, 1),
        createArray=(lambda *values: list(values), 0, None),
    ),
}
