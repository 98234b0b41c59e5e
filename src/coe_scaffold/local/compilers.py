"""The Bicep compilers of this machine: the embedded one, and the official CLI when it is installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from coe_scaffold.errors import CompileError, Problem, UsageError
from coe_scaffold.local.alike import AlikeFiles
from coe_scaffold.local.graphs import Graphs
from coe_scaffold.local.kept import kept_by_user
from coe_scaffold.local.values import ParameterFiles
from coe_scaffold.ports import CompiledParameters, CompiledTemplate, Compiler

_OUTPUT_LINE = re.compile(
    r"(?P<file>.+?)\((?P<line>\d+),(?P<column>\d+)\) : (?P<severity>Error|Warning|Info) "
    r"(?P<code>[\w-]+): (?P<message>.*)\Z"
)
_USING = re.compile(r"^\s*using\s+'([^']*)'", re.MULTILINE)


Compile = Callable[[Path], CompiledTemplate]


class EmbeddedCompiler:
    """Implements :class:`coe_scaffold.ports.Compiler` in this process."""

    def __init__(self) -> None:
        kept = kept_by_user()
        self._files = AlikeFiles(_read, _folder, kept)
        self._values = ParameterFiles(_read, kept)
        self.graph = Graphs(kept).of

    def compile(self, path: Path) -> CompiledTemplate:
        """Compile a ``.bicep`` file, or read a template that is JSON already."""
        _require(path)
        if path.suffix == ".json":
            return CompiledTemplate(path, _read_json(path), "")
        template, locations = self._files.compile(path.as_posix(), module_cache())
        return CompiledTemplate(path, template, "coe-scaffold", locations)

    def parameters(self, path: Path, template: Compile | None = None) -> CompiledParameters:
        """Compile a ``.bicepparam`` file, or read a JSON parameter file (which names no template).

        With ``template`` the values are checked against what that compiled; when they do not fit, once
        more against the Bicep source, whose types make better messages.
        """
        _require(path)
        if path.suffix == ".json":
            return _json_parameters(path)
        compiler = None if template is None else lambda name: dict(template(Path(name)).template)
        try:
            named, values, public = self._values.compile(
                path.as_posix(), module_cache(), os.environ, compiler
            )
        except CompileError:
            if template is None:
                raise
            named, values, public = self._values.compile(path.as_posix(), module_cache(), os.environ, None)
        return CompiledParameters(path, Path(named), values, public)


class OfficialCompiler:
    """Implements :class:`coe_scaffold.ports.Compiler` with the official CLI; ``command`` starts it."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.command = command
        self.graph = Graphs(kept_by_user()).of

    def compile(self, path: Path) -> CompiledTemplate:
        """Run ``bicep build``."""
        _require(path)
        if path.suffix == ".json":
            return CompiledTemplate(path, _read_json(path), "")
        return CompiledTemplate(path, _object(path, self._run("build", path)), "bicep")

    def parameters(self, path: Path, template: Compile | None = None) -> CompiledParameters:
        """Run ``bicep build-params``, or read a JSON parameter file."""
        _require(path)
        if path.suffix == ".json":
            return _json_parameters(path)
        answer = _object(path, self._run("build-params", path))
        document = _object(path, answer.get("parametersJson", "{}"))
        using = _USING.search(path.read_text("utf-8-sig", errors="replace"))
        named = path.parent / PurePosixPath(using.group(1)) if using else Path()
        return CompiledParameters(path, named, document.get("parameters", {}))

    def _run(self, verb: str, path: Path) -> str:
        by_option = self.command[0].endswith("az") or len(self.command) > 1
        source = ["--file", str(path)] if by_option else [str(path)]
        try:
            done = subprocess.run(
                [*self.command, verb, *source, "--stdout"], capture_output=True, text=True, check=False
            )
        except OSError as error:
            raise UsageError(f"The official compiler {self.command[0]} cannot be started: {error}") from error
        if done.returncode != 0:
            raise CompileError(_problems(path, done.stderr), summary=f"{path} cannot be compiled")
        return done.stdout


def choose(name: str) -> Compiler:
    """Return the compiler for ``auto``, ``embedded`` or ``official``; auto prefers the official one."""
    if name == "embedded":
        return EmbeddedCompiler()
    command = find_official()
    if command is not None:
        return OfficialCompiler(command)
    if name == "official":
        raise UsageError(
            "The official Bicep CLI is not installed",
            fix="Install bicep or the Azure CLI, or use the embedded compiler.",
        )
    return EmbeddedCompiler()


@lru_cache(maxsize=1)
def find_official() -> tuple[str, ...] | None:
    """Return the command of the official CLI: ``bicep``, or ``az bicep`` when that is installed."""
    bicep = shutil.which("bicep")
    if bicep:
        return (bicep,)
    az = shutil.which("az")
    if az and (Path.home() / ".azure" / "bin" / "bicep").exists():
        return (az, "bicep")
    return None


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise
    except (OSError, ValueError) as error:  # not readable, or no path at all
        raise FileNotFoundError(path) from error


def _require(path: Path) -> None:
    if not path.is_file():
        raise UsageError(f"{path} is not a file", fix="Give the path of a .bicep or .bicepparam file.")


def _read_json(path: Path) -> dict[str, Any]:
    return _object(path, path.read_text("utf-8-sig", errors="replace"))


def _object(path: Path, text: str) -> dict[str, Any]:
    """Return a JSON object; raise CompileError with line and column when the text is none."""
    from coe_scaffold.template.comments import read_json

    try:
        value = read_json(text)
    except json.JSONDecodeError as error:
        problem = Problem(str(path), error.lineno, error.colno, f"This is not JSON: {error.msg}.")
        raise CompileError([problem], summary=f"{path} cannot be read") from error
    if not isinstance(value, dict):
        problem = Problem(str(path), 1, 1, "A JSON object is expected.")
        raise CompileError([problem], summary=f"{path} cannot be read")
    return value


def _json_parameters(path: Path) -> CompiledParameters:
    document = _read_json(path)
    values = document.get("parameters", document)
    if not isinstance(values, dict) or not all(
        isinstance(value, dict) and ("value" in value or "reference" in value) for value in values.values()
    ):
        problem = Problem(str(path), 1, 1, 'Every parameter must be an object with "value" or "reference".')
        raise CompileError([problem], summary=f"{path} cannot be used")
    return CompiledParameters(path, Path(), values)


def _problems(path: Path, output: str) -> list[Problem]:
    """Return what the official CLI printed as problems; its whole text when none can be told apart."""
    found = []
    for line in output.splitlines():
        match = _OUTPUT_LINE.match(line.strip().removeprefix("ERROR: ").removeprefix("WARNING: "))
        if match:
            found.append(
                Problem(
                    match["file"],
                    int(match["line"]),
                    int(match["column"]),
                    match["message"],
                    code=match["code"],
                    severity=match["severity"],
                )
            )
    return found or [Problem(str(path), 0, 0, output.strip() or "The official compiler failed.")]


def lint_file(path: Path) -> tuple[Problem, ...]:
    """Return what the linter says about a ``.bicep`` file; nothing about other files."""
    from coe_scaffold.bicep import lint_bicep

    return lint_bicep(path.as_posix(), _read, cache=module_cache()) if path.suffix == ".bicep" else ()


def module_cache() -> str:
    """Return the folder in which the official CLI keeps modules of registries."""
    return os.environ.get("BICEP_CACHE_DIRECTORY") or (Path.home() / ".bicep").as_posix()


def _folder(path: str) -> list[str]:
    return [entry.name for entry in Path(path).iterdir() if entry.is_file()]
