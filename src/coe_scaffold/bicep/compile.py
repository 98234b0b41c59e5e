"""The way in: one Bicep file to its template."""

from __future__ import annotations

from dataclasses import dataclass, field

from coe_scaffold.bicep.binding.compilation import Compilation, Read
from coe_scaffold.bicep.binding.files import Folder
from coe_scaffold.bicep.emit.template import Emitter
from coe_scaffold.bicep.nesting import limited
from coe_scaffold.errors import Problem
from coe_scaffold.model.json import JsonObject


@dataclass(frozen=True)
class Compiled:
    """A template, and where each resource of it is declared.

    ``locations`` maps JSON pointers such as ``/resources/0`` or ``/resources/storage`` to ``file:line``.
    """

    template: JsonObject = field(hash=False)
    locations: dict[str, str] = field(hash=False)


def compile_bicep(path: str, read: Read, *, cache: str = "", folder: Folder | None = None) -> Compiled:
    """Return the ARM template of a Bicep file.

    ``path`` is a POSIX path; ``read`` returns the bytes of a file by such a path and raises
    FileNotFoundError. ``cache`` is the folder of the local module cache, in the official CLI's layout;
    ``folder`` lists the files of a folder for ``loadDirectoryFileInfo``. Raises CompileError with every
    problem in the file and in those it refers to.
    """
    with limited(path):
        compilation = Compilation(read, cache=cache, folder=folder)
        model = compilation.load(path)
        compilation.check()
        compilation.raise_if_failed(path)
        template, locations = Emitter().emit(model)
        compilation.raise_if_failed(path)
    return Compiled(template, locations)


def lint_bicep(path: str, read: Read, *, cache: str = "") -> tuple[Problem, ...]:
    """Return what the linter says about one Bicep file; raise CompileError when it cannot be compiled."""
    from coe_scaffold.bicep.checking.lint import lint

    with limited(path):
        compilation = Compilation(read, cache=cache)
        model = compilation.load(path)
        compilation.raise_if_failed(path)
        return lint(model)
