"""Cookiecutter templates to trees of files: no hooks, no network, no configuration of the user's.

Packaged templates are rendered by cookiecutter. One that somebody else wrote is rendered in Jinja's
sandbox, which runs no Python of a template's choice; the result is the same, byte for byte.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.tree import FileTree

if TYPE_CHECKING:
    from jinja2 import Environment

_MARKS = ("{{", "{%", "{#")
_EXTENSIONS = ("cookiecutter.extensions.JsonifyExtension", "cookiecutter.extensions.SlugifyExtension")
"""Of the extensions cookiecutter always loads, those whose result depends on their input alone."""


Wanted = Callable[[str], bool]
"""Whether a project gets the file of a rendered path."""


def _all(path: str) -> bool:
    return True


def render(template: Path, context: Mapping[str, Any], *, wanted: Wanted = _all) -> FileTree:
    """Return what one packaged template renders to with cookiecutter, without its top folder.

    ``template`` holds ``cookiecutter.json`` and ``{{cookiecutter.repo_name}}/``. Values of the context
    replace the defaults of ``cookiecutter.json``; its private keys (``_copy_without_render``) stay. A
    name the template uses and nobody sets raises cookiecutter's UndefinedVariableInTemplate: a bug of
    the template. While it renders, cookiecutter changes the process's current folder.
    """
    from cookiecutter.generate import generate_files  # type: ignore[import-untyped]

    defaults = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="coe-render-") as temporary:
        top = generate_files(
            repo_dir=template,
            context={"cookiecutter": {**defaults, **context}},
            output_dir=temporary,
            accept_hooks=False,
        )
        tree = read_tree(Path(top))
    return tree.without(path for path in tree.files if not wanted(path))


def render_sandboxed(template: Path, context: Mapping[str, Any], *, wanted: Wanted = _all) -> FileTree:
    """Return what a cookiecutter template of somebody else's renders to, without its top folder.

    Cookiecutter's filters ``jsonify`` and ``slugify`` are there. Links are left out. Raises UsageError
    with file and line for a name nobody sets, wrong syntax, or an expression that the sandbox refuses, and
    for a path that leaves the tree.
    """
    defaults = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    environment = _environment()
    names = {"cookiecutter": {**defaults, **context}}
    for name, default in defaults.items():
        if name not in context and isinstance(default, str):
            place = f"{template.name}/cookiecutter.json: {name}"
            names["cookiecutter"][name] = _text(environment, default, names, place)
    files, executable, folders = {}, set(), {"": ""}
    for source, path in _sources(_top(template)):
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = _text(environment, folder, names, f"the path {path}") + "/"
        target = folders[folder] + _text(environment, name, names, f"the path {path}")
        if not all(part.strip() for part in target.split("/")) or not wanted(target):
            continue
        content = source.read_bytes()
        if not _copied(path, defaults.get("_copy_without_render", ())):
            content = _content(environment, content, names, f"{template.name}/{path}")
        files[target] = content
        if source.stat().st_mode & 0o100:
            executable.add(target)
    try:
        return FileTree(files, frozenset(executable))
    except ValueError as error:
        raise UsageError(f"the template {template} cannot be used", detail=str(error)) from error


def read_tree(folder: Path) -> FileTree:
    """Return every regular file below a folder, without links and without Python's caches.

    Installing a wheel compiles the Python files of packaged templates too.
    """
    found = list(_sources(folder))
    return FileTree(
        {path: source.read_bytes() for source, path in found},
        frozenset(path for source, path in found if source.stat().st_mode & 0o100),
    )


@cache
def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        extensions=_EXTENSIONS,
        cache_size=0,
    )


def _top(template: Path) -> Path:
    """Return the folder whose name is an expression; raise UsageError unless there is exactly one."""
    found = sorted(path for path in template.iterdir() if "{{" in path.name and "cookiecutter" in path.name)
    folders = [path for path in found if path.is_dir() and not path.is_symlink()]
    if len(folders) != 1:
        raise UsageError(
            f"{template} is no cookiecutter template",
            detail=f"It has {len(folders)} folders named {{{{cookiecutter...}}}}; exactly one is rendered.",
        )
    return folders[0]


def _sources(folder: Path, above: str = "") -> Iterator[tuple[Path, str]]:
    """Yield each regular file and its relative POSIX path; no link is followed."""
    for path in sorted(folder.iterdir()):
        name = f"{above}{path.name}"
        if path.is_symlink() or path.name == "__pycache__":
            continue
        if path.is_dir():
            yield from _sources(path, f"{name}/")
        elif path.is_file():
            yield path, name


def _copied(path: str, globs: tuple[str, ...]) -> bool:
    """Return whether a glob names a file, or a folder that it lies in."""
    pure = PurePosixPath(path)
    places = [path, *(parent.as_posix() for parent in pure.parents)]
    return any(fnmatchcase(place, glob) for place in places for glob in globs)


def _content(environment: Environment, content: bytes, names: Mapping[str, Any], place: str) -> bytes:
    """Return a file rendered, or as it is when it is no text; line ends stay as they are."""
    if b"\0" in content:
        return content
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return content
    rendered = _text(environment, text, names, place)
    if rendered is text:
        return content
    windows = "\r\n" in text
    return (rendered.replace("\n", "\r\n") if windows else rendered).encode("utf-8")


def _text(environment: Environment, text: str, names: Mapping[str, Any], place: str) -> str:
    if not any(mark in text for mark in _MARKS):
        return text
    from jinja2 import TemplateSyntaxError
    from jinja2.exceptions import TemplateError

    try:
        return environment.from_string(text).render(**names)
    except TemplateSyntaxError as error:
        raise UsageError(f"{place}:{error.lineno}: {error.message}") from error
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{place} cannot be rendered: {error}") from error
