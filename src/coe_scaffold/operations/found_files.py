"""What in a folder can be judged: parameter files, Bicep files nobody else uses, and ARM templates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from coe_scaffold.errors import UsageError
from coe_scaffold.model.json import from_text

_USES = re.compile(r"(?m)^\s*(?:module\s+\w+|using|extends)\s+'([^'\n]+)'|\bfrom\s+'([^'\n]+)'")
_DEPLOYS = re.compile(r"(?m)^\s*(?:resource|module)\s+\w+\s+'")
_COMMENT_OR_TEXT = re.compile(r"//[^\n]*|/\*.*?\*/|(?P<text>'''.*?'''|'(?:[^'\\\n]|\\.)*')", re.DOTALL)
_SKIPPED = {"node_modules", "__pycache__"}
_PARAMETERS, _TEMPLATE = "deploymentparameters.json", "deploymenttemplate.json"


@dataclass(frozen=True)
class Entry:
    """One thing to judge: a template, a parameter file, or a template with the values of another file."""

    template: Path | None
    parameters: Path | None = None

    @property
    def file(self) -> Path:
        """The file people know it by."""
        return self.parameters if self.template is None and self.parameters else self.template or Path()


def entries(path: Path, parameters: Path | None) -> tuple[Entry, ...]:
    """Return what a file or folder holds to judge; raise UsageError when that is nothing.

    In a folder, files that others use as modules are judged through these, one of each circle of modules
    for the circle, and JSON that was built from a Bicep file beside it is left to that file. Folders whose
    names start with a dot are left out.
    """
    if parameters is not None and (path.is_dir() or _is_parameter_file(path)):
        raise UsageError("--parameters goes with one template", fix="Name the template it is for.")
    if not path.is_dir():
        return (_entry(path, parameters),)
    found = tuple(_in_folder(path))
    if not found:
        raise UsageError(
            f"There is nothing to judge in {path}", fix="Name a folder with Bicep files or ARM templates."
        )
    return found


def _entry(path: Path, parameters: Path | None) -> Entry:
    if _is_parameter_file(path):
        return Entry(None, path)
    if path.suffix == ".bicep" or _kind(path) == _TEMPLATE:
        return Entry(path, parameters)
    raise UsageError(
        f"{path} is neither Bicep nor an ARM template",
        fix="Give a .bicep, .bicepparam or ARM template file, or a folder of them.",
    )


def _in_folder(folder: Path) -> Iterator[Entry]:
    bicep = tuple(_below(folder, ".bicep"))
    parameter_files = tuple(_below(folder, ".bicepparam"))
    documents = tuple(_below(folder, ".json"))
    uses = {path.resolve(): tuple(_used(path)) for path in (*bicep, *parameter_files)}
    given = [path for path in documents if _kind(path) == _PARAMETERS]
    used = {other for path, others in uses.items() for other in others if other != path}
    templates = {template.resolve() for path in given if (template := template_beside(path))}
    entry_points = [path for path in uses if path not in used or path in templates]
    used |= templates
    for path in (*parameter_files, *given):
        if path.resolve() not in used:
            yield Entry(None, path)
    for path in bicep:
        if path.resolve() not in used:
            yield Entry(path)
    yield from _circles(bicep, uses, entry_points)
    for path in documents:
        if path.resolve() not in used and _kind(path) == _TEMPLATE and not _built(path):
            yield Entry(path)


def _circles(
    bicep: Iterable[Path], uses: Mapping[Path, Iterable[Path]], entry_points: Iterable[Path]
) -> Iterator[Entry]:
    """Yield a file of each group that only its own members use: no entry point leads there."""
    reached = _reached(entry_points, uses)
    for path in bicep:
        if path.resolve() not in reached:
            yield Entry(path)
            reached |= _reached([path.resolve()], uses)


def _reached(starts: Iterable[Path], uses: Mapping[Path, Iterable[Path]]) -> set[Path]:
    reached: set[Path] = set()
    waiting = [*starts]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += uses.get(path, ())
    return reached


def template_beside(parameters: Path) -> Path | None:
    """Return the template a JSON parameter file is for: ``main.parameters.json`` is for ``main.bicep``.

    ``main.prod.parameters.json`` is for it too, and ``params.prod.json`` for the ``main`` or ``azuredeploy``
    beside it. A Bicep file goes before a JSON one. A folder ``parameters`` stands beside its template.
    """
    stems = [re.sub(r"(?i)\.parameters$", "", parameters.stem)]
    while "." in stems[-1]:
        stems.append(stems[-1].rpartition(".")[0])
    home = parameters.parent
    folders = (home, home.parent) if "param" in home.name.lower() else (home,)
    for folder in folders:
        for stem in (*stems, "main", "azuredeploy"):
            for suffix in (".bicep", ".json"):
                candidate = folder / (stem + suffix)
                if candidate != parameters and candidate.is_file():
                    return candidate
    return None


def _used(path: Path) -> Iterator[Path]:
    """Yield the files that deploy with a file: its modules and templates, and what it imports types from."""
    text = path.read_text("utf-8-sig", errors="replace")
    plain = _COMMENT_OR_TEXT.sub(lambda match: match["text"] or "", text)
    for match in _USES.finditer(plain):
        other = (path.parent / (match[1] or match[2])).resolve()
        if match[1] or not _deploys(other):
            yield other


def _deploys(path: Path) -> bool:
    return path.is_file() and bool(_DEPLOYS.search(path.read_text("utf-8-sig", errors="replace")))


def _below(folder: Path, suffix: str) -> Iterator[Path]:
    for path in sorted(folder.rglob(f"*{suffix}")):
        inside = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part in _SKIPPED for part in inside):
            yield path


def _is_parameter_file(path: Path) -> bool:
    return path.suffix == ".bicepparam" or (path.suffix == ".json" and _kind(path) == _PARAMETERS)


def _kind(path: Path) -> str:
    """Return the file name of the deployment schema a JSON document names, or an empty text.

    It is looked for in the text, so that a document with an error in it is not mistaken for another kind.
    """
    text = path.read_text("utf-8-sig", errors="replace") if path.is_file() else ""
    named = re.search(r"\"\$schema\"\s*:\s*\"[^\"]*?/(\w*deployment(template|parameters)\.json)", text, re.I)
    return f"deployment{named[2].lower()}.json" if named else ""


def _built(path: Path) -> bool:
    if not path.with_suffix(".bicep").is_file():
        return False
    try:
        document = from_text(path.read_text("utf-8-sig", errors="replace"))
        return "name" in document["metadata"]["_generator"]
    except (json.JSONDecodeError, KeyError, TypeError):
        return False
