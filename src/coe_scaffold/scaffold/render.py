"""Cookiecutter templates to trees of files: no hooks, no network, no configuration of the user's.

They are rendered in Jinja's sandbox, which runs no Python of a template's choice, and only files that are
wanted are read. The result is what cookiecutter makes of the same template, byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from coe_scaffold.errors import UsageError
from coe_scaffold.scaffold.tree import FileTree

if TYPE_CHECKING:
    from jinja2 import Environment, FileSystemBytecodeCache, Template

_MARKS = ("{{", "{%", "{#")
_PLAIN = re.compile(
    r"\{\{ *cookiecutter((?:\.[a-z][a-z_]*)+) *\}\}|\{% raw %\}(.*?)\{% endraw %\}", re.DOTALL
)
"""What most templates are made of besides text: names of the context, and parts that are kept as they are."""

_FILTERS = ("jsonify", "slugify")
_EXTENSIONS = ("cookiecutter.extensions.JsonifyExtension", "cookiecutter.extensions.SlugifyExtension")
"""Of what cookiecutter always loads, the filters whose result depends on their input alone."""


Wanted = Callable[[str], bool]
"""Whether a project gets the file of a rendered path."""


def _all(path: str) -> bool:
    return True


def render(
    template: Path, context: Mapping[str, Any], *, wanted: Wanted = _all, packaged: bool = False
) -> FileTree:
    """Return what a cookiecutter template renders to, without its top folder.

    ``template`` holds ``cookiecutter.json`` and one folder named by an expression. Values of the context
    replace the defaults of ``cookiecutter.json``; its private keys (``_copy_without_render``) stay.
    Cookiecutter's filters ``jsonify`` and ``slugify`` are there. What a ``packaged`` template compiles to is
    kept between runs, in a cache folder of Jinja's that only its owner may open. Links are left out. Raises
    UsageError with file and line for a name nobody sets, wrong syntax, or an expression that the sandbox
    refuses, and for a path that leaves the tree.
    """
    defaults = json.loads((template / "cookiecutter.json").read_text(encoding="utf-8"))
    environment = _environment(keeps=packaged)
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


@cache
def _environment(*, keeps: bool) -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        cache_size=0,
        bytecode_cache=_kept() if keeps else None,
    )
    environment.filters |= {name: _filter(name) for name in _FILTERS}
    return environment


def _kept() -> FileSystemBytecodeCache | None:
    """Return the cache of compiled templates, or None where there is no folder that only we may open."""
    from jinja2 import FileSystemBytecodeCache

    try:
        return FileSystemBytecodeCache(pattern="__coe_%s.cache")
    except (OSError, RuntimeError):
        return None


def _filter(name: str) -> Callable[..., Any]:
    """Return a filter of cookiecutter's that is imported when a template uses it."""

    def apply(value: Any, *arguments: Any, **options: Any) -> Any:
        from jinja2 import Environment

        return Environment(extensions=_EXTENSIONS).filters[name](value, *arguments, **options)  # noqa: S701

    return apply


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
    filled = _filled(text, names["cookiecutter"])
    if filled is not None:
        return filled
    from jinja2 import TemplateSyntaxError
    from jinja2.exceptions import TemplateError

    try:
        return _compiled(environment, text, place).render(**names)
    except TemplateSyntaxError as error:
        raise UsageError(f"{place}:{error.lineno}: {error.message}") from error
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"{place} cannot be rendered: {error}") from error


def _filled(text: str, context: Mapping[str, Any]) -> str | None:
    """Return a plain text with its names filled in as Jinja does it, or None when Jinja has to read it.

    To compile a template takes milliseconds, and of those that the kinds have most are plain.
    """
    parts, end = [], 0
    for match in _PLAIN.finditer(text):
        path, kept = match.groups()
        value = kept if path is None else _looked_up(path[1:].split("."), context)
        before = text[end : match.start()]
        if type(value) is not str or before.endswith("{") or (kept is not None and "endraw" in kept):
            return None
        parts += [before, value]
        end = match.end()
        if any(mark in before for mark in _MARKS):
            return None
    rest = text[end:]
    if "\r" in text or any(mark in rest for mark in _MARKS):
        return None
    return "".join([*parts, rest])


def _looked_up(path: list[str], value: Any) -> Any:
    """Return what a dotted name stands for; None where Jinja would not look for a key."""
    for name in path:
        if type(value) is not dict or hasattr(value, name):
            return None
        value = value.get(name)
    return value


def _compiled(environment: Environment, text: str, place: str) -> Template:
    """Return the template of a text, compiled unless it is kept; raise TemplateSyntaxError."""
    from jinja2 import Template

    cache = environment.bytecode_cache
    if cache is None:
        return environment.from_string(text)
    bucket = cache.get_bucket(environment, place, None, text)
    if bucket.code is None:
        bucket.code = environment.compile(text, place)
        with suppress(OSError):
            cache.set_bucket(bucket)
    return Template.from_code(environment, bucket.code, environment.make_globals(None))
