"""Validation errors as problems a person can act on: what, where, what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from coe_scaffold.config.document import Document, Path
from coe_scaffold.errors import Problem

Place = Callable[[Path], str]


def from_validation(error: ValidationError, document: Document, model: type[BaseModel]) -> list[Problem]:
    """Return one problem for each thing pydantic refused, at its line in the document."""
    problems = []
    for item in error.errors(include_url=False):
        path = tuple(part for part in item["loc"] if part != "[key]")
        message, fix, code = _words(item, path, model)
        problems.append(document.problem(path, message, fix=fix, code=code))
    return problems


def suggest(word: str, known: Iterable[str]) -> str:
    """Return "Did you mean 'x'?" or the list of what is allowed."""
    known = list(known)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Allowed: {', '.join(known)}." if known else ""


def _words(item: Any, path: Path, model: type[BaseModel]) -> tuple[str, str, str]:
    name = ".".join(str(part) for part in path)
    context: Mapping[str, Any] = item.get("ctx", {})
    match item["type"]:
        case "missing":
            return f"'{name}' is missing", f"Add '{path[-1]}:' with a value.", "COE-CFG-010"
        case "extra_forbidden":
            return f"unknown key '{name}'", suggest(str(path[-1]), _keys(model, path[:-1])), "COE-CFG-011"
        case "literal_error":
            allowed = [word.strip("' ") for word in context["expected"].replace(" or ", ", ").split(",")]
            return (
                f"'{name}' cannot be {_shown(item['input'])}",
                suggest(str(item["input"]), allowed),
                "COE-CFG-012",
            )
        case "string_pattern_mismatch":
            wanted = _description(model, path) or f"It must match {context['pattern']}."
            return f"'{name}' has the value {_shown(item['input'])}", wanted, "COE-CFG-013"
        case "string_type" if isinstance(item["input"], bool | int | float):
            return f"'{name}' is {_shown(item['input'])}, not a text", "Put it in quotes.", "COE-CFG-015"
        case "too_short":
            return f"'{name}' is empty", "Give at least one.", "COE-CFG-014"
        case _:
            return f"'{name}': {item['msg'].lower()}, not {_shown(item['input'])}", "", "COE-CFG-015"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    section = _section(model, path)
    return [] if section is None else [field.alias or name for name, field in section.model_fields.items()]


def _section(model: Any, path: Path) -> type[BaseModel] | None:
    for part in path:
        model = _child(model, part)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _child(annotation: Any, part: str | int) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        field = _field(annotation, part)
        return field.annotation if field else None
    for argument in reversed(get_args(annotation)):
        while get_args(argument) and not isinstance(argument, type) and hasattr(argument, "__metadata__"):
            argument = get_args(argument)[0]
        if get_args(argument) or (isinstance(argument, type) and issubclass(argument, BaseModel)):
            return argument
    return None


def _field(model: type[BaseModel], part: str | int) -> FieldInfo | None:
    return next((field for name, field in model.model_fields.items() if part in (field.alias, name)), None)


def _description(model: type[BaseModel], path: Path) -> str:
    section = _section(model, path[:-1])
    field = _field(section, path[-1]) if section and path else None
    if field is None or not field.description:
        return ""
    return f"It must be {field.description}."
