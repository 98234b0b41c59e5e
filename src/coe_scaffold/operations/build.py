"""Compile Bicep files to ARM JSON, and compare what two compilers make of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coe_scaffold.errors import UsageError
from coe_scaffold.model.json import JsonObject
from coe_scaffold.ports import Compiler, FileStore

PARAMETERS_SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#"


@dataclass(frozen=True)
class Built:
    """One compiled file: a template, or a parameter document."""

    source: Path
    document: JsonObject

    @property
    def text(self) -> str:
        """The document as JSON with two spaces and a final newline."""
        return json.dumps(self.document, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Difference:
    """Where two compilers disagree; a side that lacks the place is None."""

    pointer: str
    left: Any
    right: Any


def sources(path: Path) -> tuple[Path, ...]:
    """Return the Bicep files a path stands for: itself, or all below a folder, sorted."""
    if not path.is_dir():
        if path.suffix not in (".bicep", ".bicepparam"):
            raise UsageError(
                f"{path} is not a Bicep file", fix="Give a .bicep or .bicepparam file, or a folder."
            )
        return (path,)
    found = sorted(file for suffix in ("bicep", "bicepparam") for file in path.rglob(f"*.{suffix}"))
    if not found:
        raise UsageError(f"There is no Bicep file in {path}")
    return tuple(found)


def build(path: Path, compiler: Compiler) -> Built:
    """Compile one file; raise CompileError with every diagnostic."""
    if path.suffix != ".bicepparam":
        return Built(path, compiler.compile(path).template)
    parameters = compiler.parameters(path).parameters
    return Built(
        path,
        {"$schema": PARAMETERS_SCHEMA, "contentVersion": "1.0.0.0", "parameters": parameters},
    )


def target(path: Path, root: Path, folder: Path | None) -> Path:
    """Return where the JSON of a source goes: beside it, or at the same place below a folder."""
    suffix = ".parameters.json" if path.suffix == ".bicepparam" else ".json"
    name = path.with_suffix(suffix).name
    if folder is None:
        return path.with_name(name)
    inside = path.parent.relative_to(root) if root.is_dir() else Path()
    return folder / inside / name


def write(built: Built, place: Path, files: FileStore) -> None:
    """Write a compiled document."""
    files.write(place, built.text.encode())


def compare(left: JsonObject, right: JsonObject) -> tuple[Difference, ...]:
    """Return the semantic differences of two compiled documents.

    The generator's metadata is left out, types of resources count without case, ``dependsOn`` is a set.
    """
    return tuple(_differences(_normal(left), _normal(right), ""))


def _normal(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        found = {name: _normal(item, name) for name, item in value.items() if name != "_generator"}
        return {name: item for name, item in found.items() if not (name == "metadata" and item == {})}
    if isinstance(value, list):
        items = [_normal(item) for item in value]
        return sorted(items, key=json.dumps) if key == "dependsOn" else items
    if isinstance(value, str) and key == "type" and "/" in value:
        return value.lower()
    return value


def _differences(left: Any, right: Any, pointer: str) -> Iterator[Difference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for name in sorted({*left, *right}):
            escaped = name.replace("~", "~0").replace("/", "~1")
            yield from _differences(left.get(name), right.get(name), f"{pointer}/{escaped}")
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _differences(one, other, f"{pointer}/{number}")
    elif left != right or isinstance(left, bool) != isinstance(right, bool):
        yield Difference(pointer or "/", left, right)
