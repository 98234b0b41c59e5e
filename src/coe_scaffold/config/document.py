"""YAML text to plain data that remembers where each value stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from coe_scaffold.errors import ConfigError, Problem

Path = tuple[str | int, ...]

_VALUES = 100_000
"""Values in one file, each alias counted as what it stands for; more is a mistake, or meant to do harm."""


@dataclass(frozen=True)
class Document:
    """A parsed YAML file. ``places`` maps the path of each key or item to its (line, column), from 1.

    ``overridden`` tells where values that are not the file's came from.
    """

    file: str
    data: dict[str, Any] = field(hash=False)
    places: Mapping[Path, tuple[int, int]] = field(hash=False)
    overridden: Mapping[Path, str] = field(default_factory=dict, hash=False)

    def place(self, path: Path) -> tuple[int, int]:
        """Return the line and column of a path, or of its nearest parent that is in the file."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, path: Path, message: str, *, fix: str = "", code: str = "") -> Problem:
        """Return a problem at a path of this document, or where its value came from instead."""
        if path in self.overridden:
            return Problem(self.overridden[path], 0, 0, message, fix, code)
        line, column = self.place(path)
        return Problem(self.file, line, column, message, fix, code)


def parse(text: str, file: str) -> Document:
    """Parse one YAML mapping; raise ConfigError for bad YAML, duplicate keys, or anything but a mapping."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        node: Any = yaml.compose(text)
        bad = [] if node is None else list(_bad_keys(node, file, set()))
        if bad:
            raise ConfigError(bad)
        if node is not None and _expands(node):
            message = f"with its aliases this holds more than {_VALUES} values"
            raise ConfigError([Problem(file, 1, 1, message, "Write less by alias.", "COE-CFG-001")])
        if node is not None:
            _keep_dates(node)
        data = {} if node is None else yaml.constructor.construct_document(node)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        message = f"this is not valid YAML: {error.problem or error.context}"
        fix = "Correct the indentation or quoting."
        raise ConfigError([Problem(file, line, column, message, fix, "COE-CFG-001")]) from error
    except RecursionError:
        message = "this is nested too deeply"
        raise ConfigError([Problem(file, 0, 0, message, code="COE-CFG-001")]) from None
    except (YAMLError, ValueError) as error:
        message = f"this is not valid YAML: {str(error).splitlines()[0]}"
        raise ConfigError([Problem(file, 0, 0, message, code="COE-CFG-001")]) from error
    if not isinstance(data, dict):
        fix = "Write it as lines of 'key: value'."
        raise ConfigError([Problem(file, 1, 1, "the file must be a mapping of keys", fix, "COE-CFG-002")])
    return Document(file, data, dict(_places(node, ())))


def _expands(node: Any) -> bool:
    """Return whether a document holds too many values: aliases of aliases make thousands of millions."""
    left, count = [node], 0
    while left and count <= _VALUES:
        count += 1
        inner = left.pop()
        if inner.id == "mapping":
            left.extend(value for _, value in inner.value)
        elif inner.id == "sequence":
            left.extend(inner.value)
    return bool(left)


def _keep_dates(node: Any) -> None:
    """Leave dates the texts they were written as: YAML makes dates of them, and trips over 2026-02-31."""
    if node.id == "mapping":
        for key, value in node.value:
            _keep_dates(key)
            _keep_dates(value)
    elif node.id == "sequence":
        for item in node.value:
            _keep_dates(item)
    elif node.tag == "tag:yaml.org,2002:timestamp":
        node.tag = "tag:yaml.org,2002:str"


def _places(node: Any, path: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    if node is None:
        return
    if node.id == "mapping":
        for key, value in node.value:
            here = (*path, key.value)
            yield here, (key.start_mark.line + 1, key.start_mark.column + 1)
            yield from _places(value, here)
    elif node.id == "sequence":
        for index, item in enumerate(node.value):
            here = (*path, index)
            yield here, (item.start_mark.line + 1, item.start_mark.column + 1)
            yield from _places(item, here)


def _bad_keys(node: Any, file: str, done: set[int], above: tuple[Any, ...] = ()) -> Iterator[Problem]:
    """Yield what is wrong with keys and aliases below a node; ``done`` are ids of nodes already looked at."""
    if any(node is other for other in above):
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        message, fix = "this contains itself", "Remove the alias that leads back to it."
        yield Problem(file, line, column, message, fix, "COE-CFG-001")
        return
    if id(node) in done:
        return
    done.add(id(node))
    if node.id == "mapping":
        seen: dict[str, int] = {}
        for key, value in node.value:
            line, column = key.start_mark.line + 1, key.start_mark.column + 1
            if key.id != "scalar":
                message, fix = "a key cannot be a list or a mapping", "Write a name before the colon."
                yield Problem(file, line, column, message, fix, "COE-CFG-001")
                continue
            if key.value in seen:
                message = f"'{key.value}' is set twice, first on line {seen[key.value]}"
                yield Problem(file, line, column, message, "Keep one of them.", "COE-CFG-003")
            seen.setdefault(key.value, line)
            yield from _bad_keys(value, file, done, (*above, node))
    elif node.id == "sequence":
        for item in node.value:
            yield from _bad_keys(item, file, done, (*above, node))
