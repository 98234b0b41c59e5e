"""The settings of a workspace, read and judged once for as long as its files stay the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path, PurePath
from typing import Any

from coe_scaffold.config.resolve import RESERVED, overriding
from coe_scaffold.config.source import Source
from coe_scaffold.local.kept import MadeSettings, kept_by_user
from coe_scaffold.model import settings, stacks
from coe_scaffold.model.settings import Settings

_SHAPES: Mapping[str, type] = {
    shape.__name__: shape
    for shape in (*vars(settings).values(), *vars(stacks).values())
    if isinstance(shape, type) and (is_dataclass(shape) or issubclass(shape, Enum))
}


def load_settings(
    root: Path, workspace: Source, projects: Sequence[Source], environ: Mapping[str, str]
) -> Settings:
    """Return the settings of a workspace; raise ConfigError with every problem of every file.

    Nothing is kept of files with problems: what is kept was judged, by the same code and of the same text.
    """
    kept = kept_by_user()
    ours = sorted(name for name in environ if name.startswith("COE_") and name not in RESERVED)
    key = (root.as_posix(), workspace, *projects, ours, sorted(overriding(environ).items()))
    for made in kept.find(MadeSettings, *key) if kept else ():
        known: Settings = _decoded(made.settings)
        return replace(known, root=root)
    from coe_scaffold.config.workspace import load

    fresh = load(root, workspace, projects, environ=environ)
    if kept:
        kept.keep(MadeSettings(root.as_posix(), {}, _encoded(replace(fresh, root=PurePath()))), *key)
    return fresh


def _encoded(value: Any) -> Any:
    """Return a value as JSON; what JSON has no form for is a list of its shape's name and its content."""
    match value:
        case Enum():
            return [type(value).__name__, value.value]
        case PurePath():
            return ["PurePath", value.as_posix()]
        case tuple():
            return ["tuple", [_encoded(item) for item in value]]
        case list():
            return ["list", [_encoded(item) for item in value]]
        case Mapping():
            return {key: _encoded(item) for key, item in value.items()}
        case _ if is_dataclass(value):
            return [
                type(value).__name__,
                {one.name: _encoded(getattr(value, one.name)) for one in fields(value)},
            ]
        case _:
            return value


def _decoded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _decoded(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    name, content = value
    match name:
        case "PurePath":
            return PurePath(content)
        case "tuple":
            return tuple(_decoded(item) for item in content)
        case "list":
            return [_decoded(item) for item in content]
        case _ if isinstance(content, dict):
            return _SHAPES[name](**_decoded(content))
        case _:
            return _SHAPES[name](content)
