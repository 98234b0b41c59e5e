"""JSONPath as ``loadJsonContent`` and ``loadYamlContent`` take it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(
    r"(?P<deep>\.\.)?\.?(?:(?P<name>[A-Za-z_$][\w\-]*)|(?P<star>\*)|\[\s*(?:(?P<number>-?\d+)|(?P<any>\*)|"
    r"'(?P<quoted>(?:[^'\\]|\\.)*)'|\?\((?P<filter>[^\]]*)\))\s*\])"
)
_FILTER = re.compile(
    r"\s*@\.?(?P<path>[\w.]*)\s*(?:(?P<operator>==|!=|<=|>=|<|>)\s*(?P<value>'[^']*'|\"[^\"]*\"|[\w.\-]+))?\s*\Z"
)


def select(value: Any, path: str) -> Any:
    """Return what a path selects: the one value, or a list when it selects several.

    Raises ValueError when it selects nothing or uses what is not supported.
    """
    text = path.removeprefix("$")
    position = 0
    found = [value]
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None or step.end() == position:
            raise ValueError(f"The JSON path '{path}' is not supported by the embedded compiler.")
        found = [item for one in found for item in _follow(one, step)]
        position = step.end()
    if not found:
        raise ValueError("Unable to find a token on the specified path, or the path is not valid.")
    return found[0] if len(found) == 1 else found


def _follow(value: Any, step: re.Match[str]) -> Iterator[Any]:
    for start in _everything(value) if step["deep"] else (value,):
        if step["star"] or step["any"]:
            yield from start.values() if isinstance(start, dict) else start if isinstance(start, list) else ()
        elif step["number"] is not None:
            number = int(step["number"])
            if isinstance(start, list) and -len(start) <= number < len(start):
                yield start[number]
        elif step["filter"] is not None:
            items = start.values() if isinstance(start, dict) else start if isinstance(start, list) else ()
            yield from (item for item in items if _keeps(item, step["filter"]))
        else:
            key = step["name"] if step["name"] is not None else step["quoted"]
            if isinstance(start, dict) and key in start:
                yield start[key]


def _everything(value: Any) -> Iterator[Any]:
    yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        yield from _everything(item)


def _keeps(item: Any, text: str) -> bool:
    condition = _FILTER.match(text)
    if condition is None:
        raise ValueError(f"The JSON path filter '{text}' is not supported by the embedded compiler.")
    for name in filter(None, condition["path"].split(".")):
        if not isinstance(item, dict) or name not in item:
            return False
        item = item[name]
    if condition["operator"] is None:
        return True
    wanted = _literal(condition["value"])
    if isinstance(wanted, str) != isinstance(item, str):
        return condition["operator"] == "!="
    match condition["operator"]:
        case "==":
            return bool(item == wanted)
        case "!=":
            return bool(item != wanted)
        case "<":
            return bool(item < wanted)
        case "<=":
            return bool(item <= wanted)
        case ">":
            return bool(item > wanted)
    return bool(item >= wanted)


def _literal(text: str) -> Any:
    if text[0] in "'\"":
        return text[1:-1]
    if text in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[text]
    return float(text) if "." in text else int(text)
