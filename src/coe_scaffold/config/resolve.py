"""Precedence: default < file < environment variable COE_* < flag, with the origin of each value."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from coe_scaffold.config.document import Document, Path
from coe_scaffold.errors import ConfigError, Problem

RESERVED = frozenset({"COE_WORKSPACE", "COE_ENV", "COE_DEBUG", "COE_OUTPUT", "COE_CREDENTIAL"})
"""Variables that stand for options of the command line, not for keys of coe.yaml."""

Override = tuple[tuple[str, ...], str, str]
"""Path of a key, its text value, and where it came from."""


def overlay(document: Document, overrides: Iterable[Override]) -> tuple[Document, dict[tuple[str, ...], str]]:
    """Return the document with overrides put over it, and the origin of every overridden key."""
    data = copy.deepcopy(document.data)
    origins: dict[tuple[str, ...], str] = {}
    overridden: dict[Path, str] = {}
    for path, text, origin in overrides:
        target, spelled = data, []
        for part in path[:-1]:
            spelled.append(_same(target, part))
            target = target.setdefault(spelled[-1], {})
            if not isinstance(target, dict):
                raise ConfigError([Problem(origin, 0, 0, f"'{'.'.join(path)}' is not a single value")])
        spelled.append(_same(target, path[-1]))
        target[spelled[-1]] = _scalar(text)
        origins[path] = overridden[tuple(spelled)] = origin
    return Document(document.file, data, document.places, overridden), origins


def from_environment(environ: Mapping[str, str], sections: Iterable[str]) -> list[Override]:
    """Return the overrides in COE_* variables: ``COE_LOCATIONS__DEFAULT`` sets ``locations.default``.

    ``sections`` are the top-level keys. A variable with ``__`` whose section is none of them is an
    error, and so is one that names a section but has ``_`` where ``__`` belongs; others are left alone.
    """
    known = {fold(section): section for section in sections}
    _refuse_single_underscores(environ, known)
    overrides = []
    for name, text in sorted(overriding(environ).items()):
        parts = name.removeprefix("COE_").split("__")
        section = known.get(fold(parts[0]))
        if section is not None:
            path = (section, *(part.lower() for part in parts[1:]))
            overrides.append((path, text, f"environment variable {name}"))
        else:
            message = f"environment variable {name} sets no key of coe.yaml"
            raise ConfigError([Problem(name, 0, 0, message, f"Sections: {', '.join(known.values())}.")])
    return overrides


def _refuse_single_underscores(environ: Mapping[str, str], known: Mapping[str, str]) -> None:
    for name in sorted(environ):
        section, _, rest = name.removeprefix("COE_").partition("_")
        alone = name.startswith("COE_") and "__" not in name and name not in RESERVED
        if alone and rest and fold(section) in known:
            message = f"environment variable {name} sets nothing"
            raise ConfigError([Problem(name, 0, 0, message, f"Write COE_{section}__{rest}.")])


def overriding(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that stand for keys of coe.yaml: ``COE_CLOUD``, and all with ``__``."""
    return {
        name: text
        for name, text in environ.items()
        if name.startswith("COE_")
        and name not in RESERVED
        and ("__" in name.removeprefix("COE_") or fold(name.removeprefix("COE_")) == "cloud")
    }


def _same(mapping: Mapping[str, Any], part: str) -> str:
    """Return the key as the mapping spells it: variables have no case and no hyphens."""
    for key in mapping:
        if fold(str(key)) == fold(part):
            return str(key)
    head, *tail = part.split("_")
    return head + "".join(word.capitalize() for word in tail)


def fold(text: str) -> str:
    """Return a key without case, hyphens and underscores, as variables spell keys."""
    return text.replace("_", "").replace("-", "").lower()


def _scalar(text: str) -> Any:
    if text.isdigit():
        return int(text)
    return {"true": True, "false": False}.get(text.lower(), text)
