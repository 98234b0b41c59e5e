"""Pairs of Bicep source and the JSON an official compiler made of it, and how ours compares."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from coe_scaffold.bicep import compile_bicep
from coe_scaffold.bicep.diagnostics import official_format
from coe_scaffold.errors import CompileError

CLASSES = ("equal", "different", "registry", "derived", "unsupported", "rejected", "crashed")


@dataclass(frozen=True)
class Pair:
    """A source, its compiled JSON, and which compiler version made it."""

    source: Path
    compiled: Path
    version: str

    @property
    def release(self) -> tuple[int, ...]:
        """The version as numbers; builds from the main branch count as newest."""
        found = re.match(r"(\d+)\.(\d+)", self.version)
        return (int(found[1]), int(found[2])) if found else (99,)


@dataclass(frozen=True)
class Outcome:
    """How one pair compares: a class of CLASSES and, unless equal, the first difference or message."""

    pair: Pair
    kind: str
    detail: str = ""


def find(folder: Path) -> Iterator[Pair]:
    """Yield every pair below a folder: ``x.bicep`` with ``x.json`` or, for main, ``azuredeploy.json``."""
    for source in sorted(folder.rglob("*.bicep")):
        names = [f"{source.stem}.json", f"{source.stem}.symbolicnames.json"]
        if not source.with_suffix(".json").exists():
            names.append("azuredeploy.json")
        for name in names:
            compiled = source.with_name(name)
            if not compiled.exists() or (name == "azuredeploy.json" and source.stem != "main"):
                continue
            generator = _generator(compiled)
            if generator is not None:
                yield Pair(source, compiled, generator)


def _generator(compiled: Path) -> str | None:
    try:
        document = json.loads(compiled.read_text("utf-8-sig"))
    except ValueError:
        return None
    found = document.get("metadata", {}).get("_generator") if isinstance(document, dict) else None
    return str(found.get("version", "")) if isinstance(found, dict) else None


def _read(pair: Pair, path: str) -> bytes:
    if path.endswith("bicepconfig.json") and pair.compiled.name.endswith(".symbolicnames.json"):
        return b'{"experimentalFeaturesEnabled": {"symbolicNameCodegen": true}}'
    return Path(path).read_bytes()


def _folder(path: str) -> list[str]:
    return [entry.name for entry in Path(path).iterdir() if entry.is_file()]


def judge(pair: Pair, cache: str = "") -> Outcome:
    """Compile a source, with modules of registries from a module cache, and compare."""
    try:
        ours: Any = compile_bicep(
            pair.source.as_posix(), partial(_read, pair), cache=cache, folder=_folder
        ).template
    except CompileError as error:
        text = official_format(error.problems[0])
        messages = " ".join(problem.message for problem in error.problems)
        if "BCP190" in {problem.code for problem in error.problems}:
            return Outcome(pair, "registry", text)
        if "resource-derived" in messages:
            return Outcome(pair, "derived", text)
        known = all(problem.code == "COE-BICEP" for problem in error.problems)
        return Outcome(pair, "unsupported" if known else "rejected", text)
    except Exception:
        return Outcome(pair, "crashed", traceback.format_exc(limit=-3))
    ours = json.loads(json.dumps(ours))
    theirs = json.loads(pair.compiled.read_text("utf-8-sig"))
    drift = pair.release < (0, 40)
    if pair.release < (0, 34):
        for document in (ours, theirs):
            forget_existing(document)
    difference = first_difference(normal(ours, drift=drift), normal(theirs, drift=drift))
    return Outcome(pair, "different", difference) if difference else Outcome(pair, "equal")


def forget_existing(document: Any) -> None:
    """Drop waits for existing resources: before 0.34 every reference to one was among ``dependsOn``."""
    if isinstance(document, list):
        for item in document:
            forget_existing(item)
    if not isinstance(document, dict):
        return
    resources = document.get("resources")
    if isinstance(resources, dict):
        known = {name for name, body in resources.items() if isinstance(body, dict) and body.get("existing")}
        for body in resources.values():
            if isinstance(body, dict) and isinstance(body.get("dependsOn"), list):
                body["dependsOn"] = [name for name in body["dependsOn"] if name not in known]
                if not body["dependsOn"]:
                    del body["dependsOn"]
    for item in document.values():
        forget_existing(item)


_TYPE = re.compile(r"'([A-Za-z0-9]+\.[A-Za-z0-9.]+/[A-Za-z0-9/]+)'")
_VERSION = re.compile(r", '\d{4}-\d\d-\d\d(?:-[a-z]+)?'")
_OLD_SCOPE = re.compile(r"\[format\('([^']*)', (.*)\)\]\Z")


def normal(value: Any, key: str = "", *, drift: bool) -> Any:
    """Return JSON without what does not matter: generator, case of types, order of ``dependsOn``.

    With ``drift`` what older compilers wrote in another way does not matter either: API versions of nested
    deployments and in ``reference()``, ``secureString``, how extension scopes are written, empty functions,
    names of nested loops.
    """
    if isinstance(value, dict):
        found = {
            name: normal(item, name, drift=drift) for name, item in value.items() if name != "_generator"
        }
        if drift and str(found.get("type", "")).lower() == "microsoft.resources/deployments":
            found.pop("apiVersion", None)
        return {
            name: item
            for name, item in found.items()
            if not (name == "metadata" and item == {}) and not (drift and name == "functions" and item == [])
        }
    if isinstance(value, list):
        items = [normal(item, drift=drift) for item in value]
        return sorted(items, key=str) if key == "dependsOn" else items
    if not isinstance(value, str):
        return value
    value = value.replace("\r\n", "\n")
    if key == "type":
        return value.lower()
    if drift and key == "name" and "::" in value:
        return value.rpartition("::")[2]  # loops of nested resources were named without their parents
    if value.startswith("["):
        value = _TYPE.sub(lambda found: found.group().lower(), value)
        if drift:
            value = _VERSION.sub("", value)
            old = _OLD_SCOPE.match(value) if key == "scope" else None
            if old:
                type_ = re.sub(r"/\{\d+\}", "", old[1]).lower()
                value = f"[resourceId('{type_}', {old[2]})]"
    return value


def first_difference(ours: Any, theirs: Any, pointer: str = "") -> str:
    """Return where two documents first differ and how, empty when they do not."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in [*ours, *(name for name in theirs if name not in ours)]:
            if name not in ours or name not in theirs:
                side = "ours" if name in ours else "theirs"
                return f"{pointer}/{name} only in {side}"
            found = first_difference(ours[name], theirs[name], f"{pointer}/{name}")
            if found:
                return found
        return ""
    if isinstance(ours, list) and isinstance(theirs, list):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
            found = first_difference(one, other, f"{pointer}/{number}")
            if found:
                return found
        return "" if len(ours) == len(theirs) else f"{pointer}: {len(ours)} items, not {len(theirs)}"
    if type(ours) is type(theirs) and ours == theirs:
        return ""
    return f"{pointer}: {str(ours)[:300]!r}, not {str(theirs)[:300]!r}"
