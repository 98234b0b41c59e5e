"""Where resources and their values are written, as far as the compiler did not tell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from coe_scaffold.checks.paths import parts
from coe_scaffold.errors import CompileError
from coe_scaffold.model.finding import Finding, Outcome
from coe_scaffold.ports import CompiledTemplate
from coe_scaffold.template.comments import uncommented

if TYPE_CHECKING:
    from coe_scaffold.bicep.property_lines import Lines

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def with_places(compiled: CompiledTemplate) -> CompiledTemplate:
    """Return a template with ``locations``; as it is when it has some, or when they cannot be told.

    Places in ARM JSON are those of every object and value in it. For Bicep the embedded compiler finds
    them: both compilers number the resources of a file alike.
    """
    if compiled.locations:
        return compiled
    if compiled.path.suffix == ".json":
        text = uncommented(compiled.path.read_text("utf-8-sig", errors="replace"))
        file = compiled.path.as_posix()
        return replace(compiled, locations={pointer: f"{file}:{line}" for pointer, line in lines(text)})
    return replace(compiled, locations=_by_embedded(compiled.path))


@dataclass
class _Level:
    """An object or list that is open: where it is, and the member that comes next."""

    pointer: str
    is_list: bool
    index: int = 0
    key: str | None = None

    def next(self) -> str:
        return f"{self.pointer}/{self.index if self.is_list else self.key}"


def lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield the JSON pointer of every member and element of a valid JSON text, and its line from 1."""
    levels: list[_Level] = []
    line, seen = 1, 0
    for token in _TOKEN.finditer(text):
        line, seen = line + text.count("\n", seen, token.start()), token.start()
        part = token[0]
        level = levels[-1] if levels else None
        match part[0]:
            case "}" | "]":
                levels.pop()
            case "," if level:
                level.index, level.key = level.index + 1, None
            case ":":
                continue
            case '"' if level and not level.is_list and level.key is None:
                level.key = json.loads(part).replace("~", "~0").replace("/", "~1")
            case first:
                here = level.next() if level else ""
                if here:
                    yield here, line
                if first in "{[":
                    levels.append(_Level(here, first == "["))


def at_values(findings: Iterable[Finding], root: Path) -> tuple[Finding, ...]:
    """Return findings with the line of the value they are about, where they name that of its resource.

    ``root`` is the folder that their locations are relative to. Passes are left alone, and so are places
    in files that cannot be read.
    """
    known: dict[str, Lines] = {}
    return tuple(
        _at_value(finding, root, known) if finding.outcome is not Outcome.PASS else finding
        for finding in findings
    )


def _at_value(finding: Finding, root: Path, known: dict[str, Lines]) -> Finding:
    from coe_scaffold.bicep.property_lines import property_lines

    file, _, line = finding.location.rpartition(":")
    if not file.endswith(".bicep") or not line.isdecimal():
        return finding
    if file not in known:
        try:
            known[file] = property_lines((root / file).read_text("utf-8-sig", errors="replace"))
        except OSError:
            return finding
    return replace(finding, location=f"{file}:{known[file](int(line), parts(finding.path))}")


def _by_embedded(path: Path) -> Mapping[str, str]:
    from coe_scaffold.bicep import compile_bicep

    try:
        return compile_bicep(path.as_posix(), lambda name: Path(name).read_bytes()).locations
    except CompileError:
        return {}
