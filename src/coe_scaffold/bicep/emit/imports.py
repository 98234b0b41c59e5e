"""Everything that imports bring into a template: the imported symbols and all they need."""

from __future__ import annotations

import posixpath
import re
from collections import deque
from dataclasses import dataclass, field

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.paths import relative
from coe_scaffold.bicep.binding.symbols import (
    Func,
    Imported,
    JsonExport,
    Symbol,
    TypeAlias,
    Var,
    Wildcard,
)
from coe_scaffold.bicep.emit import arm_imports
from coe_scaffold.bicep.emit.context import FileContext
from coe_scaffold.bicep.emit.decisions import decide
from coe_scaffold.bicep.emit.dependencies import culture_key
from coe_scaffold.bicep.syntax import tree

Importable = TypeAlias | Var | Func | JsonExport

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_KINDS: dict[type[Symbol], str] = {TypeAlias: "type", Var: "variable", Func: "function"}


@dataclass(frozen=True)
class Origin:
    """Where an imported symbol comes from."""

    template: str
    """The file, relative to the one being compiled."""
    name: str


@dataclass(eq=False)
class Closure:
    """The imported symbols of a file with their names in its template."""

    names: dict[Importable, str] = field(default_factory=dict)
    origins: dict[Importable, Origin] = field(default_factory=dict)
    contexts: dict[Model, FileContext] = field(default_factory=dict)
    files: list[tuple[str, Model, tree.Node]] = field(default_factory=list)
    """Variables for files that imported symbols load: name, file, call."""

    def of(self, kind: type[Symbol]) -> list[tuple[str, Importable]]:
        """Return the symbols of one kind by name, sorted."""
        found = [
            (name, symbol)
            for symbol, name in self.names.items()
            if isinstance(symbol, kind) or (isinstance(symbol, JsonExport) and symbol.kind == _KINDS[kind])
        ]
        return sorted(found, key=lambda pair: culture_key(pair[0]))


def close(context: FileContext) -> Closure:
    """Return what a file imports, directly and indirectly, and fill ``context.names``."""
    model = context.model
    closure = Closure()
    if not model.imported and not model.wildcards:
        return closure
    _collect(model, closure)
    _name(model, closure, context)
    return closure


def _collect(model: Model, closure: Closure) -> None:
    queue: deque[Symbol | JsonExport | None] = deque([*model.imported, *model.wildcards])
    while queue:
        symbol = queue.popleft()
        if isinstance(symbol, Imported):
            queue.append(symbol.target)
        elif isinstance(symbol, Wildcard):
            queue.extend(symbol.exports().values())
        elif isinstance(symbol, JsonExport) and symbol not in closure.origins:
            path = symbol.source.reference or _relative(symbol.source.path, model)
            closure.origins[symbol] = Origin(path, symbol.name.removeprefix("__bicep."))
            queue.extend(arm_imports.references(symbol))
        elif isinstance(symbol, TypeAlias | Var | Func) and symbol not in closure.origins:
            closure.origins[symbol] = Origin(_relative(symbol.model.path, model), symbol.name)
            queue.extend(_references(symbol))


def _relative(path: str, model: Model) -> str:
    return relative(path, posixpath.dirname(model.path))


def _references(symbol: TypeAlias | Var | Func) -> list[Symbol]:
    refs = symbol.model.refs
    found: dict[Symbol, None] = {}
    for node in tree.descendants(symbol.node):
        target = refs.get(node)
        if isinstance(target, TypeAlias | Var | Func | Imported | Wildcard):
            found[target] = None
    return list(found)


def _name(model: Model, closure: Closure, context: FileContext) -> None:
    """Give every symbol its name: imported ones keep theirs, the rest are numbered by file."""
    for item in model.imported:
        if isinstance(item.target, TypeAlias | Var | Func | JsonExport):
            closure.names[item.target] = item.name
    entries: list[_Entry] = [
        (origin.template, origin.name, symbol, model if isinstance(symbol, JsonExport) else symbol.model)
        for symbol, origin in closure.origins.items()
    ]
    entries += _loaded(closure)
    entries.sort(key=lambda entry: culture_key(f"{entry[0]}_{entry[1]}"))
    numbers: dict[str, int] = {}
    following = 1
    for template, name, target, owner in entries:
        if not isinstance(target, tree.Node) and target in closure.names:
            continue
        if template not in numbers:
            numbers[template] = following
            following += 1
        identifier = name
        if not _IDENTIFIER.match(name):
            identifier = f"_{following}"
            following += 1
        full = f"_{numbers[template]}.{identifier}"
        if isinstance(target, tree.Node):
            closure.files.append((full, owner, target))
            closure.contexts[owner].file_variables[target] = full
        else:
            closure.names[target] = full
    for symbol, name in closure.names.items():
        context.names[symbol] = name
    for other in closure.contexts.values():
        other.names = context.names


_Entry = tuple[str, str, Importable | tree.Node, Model]


def _loaded(closure: Closure) -> list[_Entry]:
    """Return the loaded files that imported symbols use, and make the contexts of their files."""
    found: list[_Entry] = []
    for symbol, origin in closure.origins.items():
        if isinstance(symbol, JsonExport):
            continue
        owner = symbol.model
        if owner not in closure.contexts:
            other = decide(owner)
            other.not_exported = {one.node for one in closure.origins if not isinstance(one, JsonExport)}
            closure.contexts[owner] = other
        for node in tree.descendants(symbol.node):
            variable = closure.contexts[owner].file_variables.get(node)
            if variable is not None:
                found.append((origin.template, variable, node, owner))
    return found
