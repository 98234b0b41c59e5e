"""Loading files and what they refer to: modules, imports, and text or data files."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from coe_scaffold.bicep.binding import registry, resources
from coe_scaffold.bicep.binding.config import Config, nearest
from coe_scaffold.bicep.binding.files import FileLoader, Folder
from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.paths import path_problem
from coe_scaffold.bicep.binding.scopes import Binder
from coe_scaffold.bicep.binding.symbols import (
    Base,
    Extension,
    Func,
    Imported,
    JsonExport,
    JsonTemplate,
    Module,
    Output,
    Param,
    Resource,
    Symbol,
    TypeAlias,
    Var,
    Wildcard,
)
from coe_scaffold.bicep.diagnostics import Diagnostics, SourceText
from coe_scaffold.bicep.refusals import Refusal
from coe_scaffold.bicep.syntax import parse, tree
from coe_scaffold.errors import CompileError, Problem

Read = Callable[[str], bytes]
"""Returns the content of a file by its POSIX path; raises FileNotFoundError."""


def decode(content: bytes) -> str:
    """Return text from UTF-8 or, with a byte order mark, UTF-16 or UTF-32."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    return content.decode("utf-8", errors="replace")


Template = Callable[[str], dict[str, Any]]
"""The compiled template of a Bicep file, for parameter files that name it."""


@lru_cache(maxsize=256)
def parsed(path: str, text: str, *, parameters: bool) -> tuple[tree.Program, SourceText, tuple[Problem, ...]]:
    """Return the tree of a file's text and what is wrong with it; trees never change, so they are shared."""
    source = SourceText(path, text)
    diagnostics = Diagnostics(source)
    return parse(diagnostics, parameters=parameters), source, diagnostics.problems


class Compilation:
    """All files that take part in compiling one of them."""

    def __init__(
        self, read: Read, *, cache: str = "", folder: Folder | None = None, template: Template | None = None
    ) -> None:
        self.read = read
        self.template = template
        self.cache = cache
        self.folder = folder
        self.models: dict[str, Model | JsonTemplate] = {}
        self._loading: list[str] = []
        self._configs: dict[str, Config] = {}

    def load(self, path: str, *, parameters: bool = False) -> Model:
        """Return the bound model of a ``.bicep`` or parameter file; its problems are in its diagnostics."""
        known = self.models.get(path)
        if isinstance(known, Model):
            return known
        program, source, problems = parsed(path, decode(self.read(path)), parameters=parameters)
        diagnostics = Diagnostics(source, problems)
        model = Model(path, program, diagnostics)
        config = self.config(path)
        model.symbolic_names, model.assertions = config.symbolic_names, config.assertions
        for feature in config.refused_features:
            diagnostics.unsupported(0, Refusal.EXPERIMENTAL, feature)
        self.models[path] = model
        self._loading.append(path)
        Declarer(self, model).run()
        Binder(model).run()
        FileLoader(self.read, model, self.folder).run()
        self._loading.pop()
        return model

    def refer(self, model: Model, node: tree.Node, *, kind: str) -> Model | JsonTemplate | None:
        """Return the file a module or import names, or record why it cannot be had and return None."""
        error = model.diagnostics.error
        if isinstance(node, tree.Skipped):
            return None
        text = node.literal if isinstance(node, tree.Str) else None
        if text is None:
            error(node.start, "BCP092", "String interpolation is not supported in file paths.")
            return None
        if ":" in text:
            return self._artifact(model, node, text)
        problem = path_problem(text)
        if problem:
            error(node.start, *problem)
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(model.path), text))
        if path in self._loading:
            self._cycle(model, node, path)
            return None
        try:
            if path.endswith((".json", ".jsonc", ".arm")):
                return self._json(path)
            if kind == "template" and self.template is not None:
                return JsonTemplate(path, self.template(path))
            return self.load(path, parameters=kind == "extended")
        except (FileNotFoundError, NotADirectoryError):
            error(node.start, "BCP091", f"An error occurred reading file. Could not find file '{path}'.")
        except IsADirectoryError:
            error(node.start, "BCP091", f"An error occurred reading file. '{path}' is a directory.")
        except json.JSONDecodeError as problem_in_json:
            error(node.start, "BCP188", f"The referenced ARM template has errors. {problem_in_json}")
        return None

    def _artifact(self, model: Model, node: tree.Node, text: str) -> JsonTemplate | None:
        """Return a module of a registry from the local module cache."""
        found = registry.resolve(text, self.config(model.path), self.cache)
        if isinstance(found, registry.BadReference):
            model.diagnostics.error(node.start, found.code, found.message)
            return None
        try:
            target = self._json(found.cached)
        except (FileNotFoundError, NotADirectoryError):
            model.diagnostics.error(
                node.start,
                "BCP190",
                f'The artifact with reference "{found.reference}" has not been restored '
                f"(it is not in the module cache{' ' + self.cache if self.cache else ''}).",
            )
            return None
        except json.JSONDecodeError as problem:
            model.diagnostics.error(
                node.start, "BCP188", f"The referenced ARM template has errors. {problem}"
            )
            return None
        target.reference, target.template_spec = found.reference, found.template_spec
        if found.template_spec and "mainTemplate" in target.template.get("properties", {}):
            target.template = target.template["properties"]["mainTemplate"]
        return target

    def config(self, path: str) -> Config:
        """Return the configuration that holds for a file."""
        folder = posixpath.dirname(path)
        if folder not in self._configs:
            self._configs[folder] = nearest(path, self.read)
        return self._configs[folder]

    def _cycle(self, model: Model, node: tree.Node, path: str) -> None:
        if path == model.path:
            model.diagnostics.error(
                node.start, "BCP094", "This module references itself, which is not allowed."
            )
            return
        chain = [*self._loading[self._loading.index(path) :], path]
        names = '" -> "'.join(chain)
        model.diagnostics.error(node.start, "BCP095", f'The file is involved in a cycle ("{names}").')

    def _json(self, path: str) -> JsonTemplate:
        known = self.models.get(path)
        if not isinstance(known, JsonTemplate):
            known = JsonTemplate(path, json.loads(decode(self.read(path))))
            self.models[path] = known
        return known

    def check(self) -> None:
        """Look for what is wrong beyond syntax and names, in every file."""
        from coe_scaffold.bicep.checking import check

        for model in self.models.values():
            if isinstance(model, Model):
                check(model)

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems of every file."""
        found: list[Problem] = []
        for model in self.models.values():
            if isinstance(model, Model):
                found.extend(model.diagnostics.problems)
        return tuple(found)

    def raise_if_failed(self, path: str) -> None:
        """Raise CompileError when a file has an error."""
        problems = self.problems()
        if any(problem.severity == "Error" for problem in problems):
            raise CompileError(problems, summary=f"{path} cannot be compiled")


class Declarer:
    """Turns the statements of a file into symbols."""

    def __init__(self, compilation: Compilation, model: Model) -> None:
        self.compilation = compilation
        self.model = model
        self.error = model.diagnostics.error

    def run(self) -> None:
        """Declare everything, resources with their nested ones."""
        scopes: list[tree.TargetScopeDecl] = []
        for statement in self.model.program.statements:
            if isinstance(statement, tree.TargetScopeDecl):
                scopes.append(statement)
            else:
                self._declare(statement)
        self._target_scope(scopes)
        resources.link(self.model)

    def _target_scope(self, found: list[tree.TargetScopeDecl]) -> None:
        for statement in found:
            value = statement.value
            text = value.literal if isinstance(value, tree.Str) else None
            if text in ("resourceGroup", "subscription", "managementGroup", "tenant"):
                self.model.target_scope = text
            elif text in ("local", "desiredStateConfiguration", "orchestrator"):
                self.model.diagnostics.unsupported(value.start, Refusal.TARGET_SCOPE, text)
            elif not isinstance(value, tree.Skipped):
                self.error(
                    value.start,
                    "BCP033",
                    "Expected a value of type \"'managementGroup' | 'resourceGroup' | 'subscription' "
                    f'| \'tenant\'" but the provided value is of type "{_shown(value)}".',
                )
        if len(found) > 1:
            for statement in found:
                self.error(
                    statement.start,
                    "BCP112",
                    'The "targetScope" cannot be declared multiple times in one file.',
                )

    def _declare(self, node: tree.Declaration) -> None:
        model, name = self.model, node.name
        match node:
            case tree.ParamDecl():
                self._add(param := Param(name, model, node), node)
                model.params.append(param)
            case tree.VarDecl():
                self._add(variable := Var(name, model, node), node)
                model.variables.append(variable)
            case tree.OutputDecl():
                self._output(Output(name, model, node))
            case tree.TypeDecl():
                self._add(alias := TypeAlias(name, model, node), node)
                model.types.append(alias)
            case tree.FuncDecl():
                self._add(function := Func(name, model, node), node)
                model.functions.append(function)
            case tree.ResourceDecl():
                self._add(resource := Resource(name, model, node), node)
                resources.collect(model, resource)
            case tree.ModuleDecl():
                target = self.compilation.refer(model, node.path, kind="module")
                self._add(module := Module(name, model, node), node)
                module.target = target
                model.modules.append(module)
            case tree.ImportDecl():
                self._import(node)
            case tree.MetadataDecl():
                model.metadata.append(node)
            case tree.AssertDecl():
                self._assert(node)
            case tree.ExtensionDecl():
                model.extensions.append(Extension(name, model, node))
                model.diagnostics.unsupported(node.start, Refusal.EXTENSION)
            case tree.UsingDecl():
                if node.path is not None:
                    model.using = self.compilation.refer(model, node.path, kind="template")
            case tree.ExtendsDecl():
                extended = self.compilation.refer(model, node.path, kind="extended")
                model.extends = extended if isinstance(extended, Model) else None
                model.scope["base"] = Base("base", model)
            case tree.TestDecl():
                model.diagnostics.unsupported(node.start, Refusal.TEST)

    def _add(self, symbol: Symbol, node: tree.Declaration | tree.ImportItem) -> None:
        if not symbol.name:
            return  # its name could not be read
        start = node.alias_start if isinstance(node, tree.ImportItem) else node.name_start
        other = self.model.scope.get(symbol.name)
        if other is not None:
            self._twice(other, start, symbol.name)
        elif symbol.name in ("az", "sys"):
            self.error(
                start,
                "BCP084",
                f'The symbolic name "{symbol.name}" is reserved. Please use a different symbolic name. '
                'Reserved namespaces are "az", "sys".',
            )
        else:
            self.model.scope[symbol.name] = symbol

    def _twice(self, first: Symbol, start: int, name: str) -> None:
        message = f'Identifier "{name}" is declared multiple times. Remove or rename the duplicates.'
        node = getattr(first, "node", None)
        if isinstance(node, tree.Declaration):
            self.error(node.name_start, "BCP028", message)
        self.error(start, "BCP028", message)

    def _output(self, output: Output) -> None:
        for other in self.model.outputs:
            if other.name == output.name:
                message = (
                    f'Output "{output.name}" is declared multiple times. Remove or rename the duplicates.'
                )
                self.error(other.node.name_start, "BCP145", message)
                self.error(output.node.name_start, "BCP145", message)
        self.model.outputs.append(output)

    def _assert(self, node: tree.AssertDecl) -> None:
        if not self.model.assertions:
            self.error(
                node.start,
                "BCP349",
                'Using an assert declaration requires enabling EXPERIMENTAL feature "Assertions".',
            )
        for other in self.model.asserts:
            if other.name == node.name:
                message = (
                    f'Identifier "{node.name}" is declared multiple times. Remove or rename the duplicates.'
                )
                self.error(other.name_start, "BCP028", message)
                self.error(node.name_start, "BCP028", message)
        self.model.asserts.append(node)

    def _import(self, node: tree.ImportDecl) -> None:
        target = self.compilation.refer(self.model, node.path, kind="import")
        if node.wildcard:
            wildcard = Wildcard(node.name, self.model, node, target)
            self._add(wildcard, node)
            self.model.wildcards.append(wildcard)
            return
        for item in node.items:
            found: Symbol | JsonExport | None = None
            if target is not None:
                found = target.exports().get(item.name)
            if target is not None and found is None:
                self.error(
                    item.start,
                    "BCP360",
                    f"The '{item.name}' symbol was not found in (or was not exported by) "
                    "the imported template.",
                )
            imported = Imported(item.alias, self.model, item, found)
            self._add(imported, item)
            self.model.imported.append(imported)


def _shown(node: tree.Node) -> str:
    if isinstance(node, tree.Str) and node.literal is not None:
        return f"'{node.literal}'"
    return {"Int": "int", "Bool": "bool", "Null": "null", "Object": "object", "Array": "array"}.get(
        type(node).__name__, "any"
    )
