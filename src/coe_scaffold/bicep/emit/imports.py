"""Everything that imports bring into a template: the imported symbols and all they need."""

from __future__ import annotations

import posixpath
from collections import deque
from dataclasses import dataclass, field

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import Func, Imported, JsonTemplate, Symbol, TypeAlias, Var, Wildcard
from coe_scaffold.bicep.emit.context import FileContext
from coe_scaffold.bicep.emit.decisions import decide
from coe_scaffold.bicep.emit.dependencies import culture_key
from coe_scaffold.bicep.syntax import tree

Importable = TypeAlias | Var | Func


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
        found = [(name, symbol) for symbol, name in self.names.items() if isinstance(symbol, kind)]
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
    queue: deque[Symbol | None] = deque([*(item for item in model.imported), *model.wildcards])
    while queue:
        symbol = queue.popleft()
        if isinstance(symbol, Imported):
            if not isinstance(symbol.target, Symbol):
                model.diagnostics.unsupported(symbol.node.start, "An import from an ARM template")
                continue
            queue.append(symbol.target)
        elif isinstance(symbol, Wildcard):
            if isinstance(symbol.target, Model):
                queue.extend(symbol.target.exports().values())
            elif isinstance(symbol.target, JsonTemplate):
                model.diagnostics.unsupported(symbol.node.start, "An import from an ARM template")
        elif isinstance(symbol, TypeAlias | Var | Func) and symbol not in closure.origins:
            path = posixpath.relpath(symbol.model.path, posixpath.dirname(model.path) or ".")
            closure.origins[symbol] = Origin(path, symbol.name)
            queue.extend(_references(symbol))


def _references(symbol: Importable) -> list[Symbol]:
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
        if isinstance(item.target, TypeAlias | Var | Func):
            closure.names[item.target] = item.name
    entries: list[tuple[str, str, Importable | tree.Node, Model]] = [
        (origin.template, origin.name, symbol, symbol.model) for symbol, origin in closure.origins.items()
    ]
    entries += _loaded(model, closure)
    entries.sort(key=lambda entry: culture_key(f"{entry[0]}_{entry[1]}"))
    numbers: dict[str, int] = {}
    following = 1
    for template, name, target, owner in entries:
        if isinstance(target, Symbol) and target in closure.names:
            continue
        if template not in numbers:
            numbers[template] = following
            following += 1
        identifier = name
        if isinstance(target, tree.Node):
            identifier = f"_{following}"
            following += 1
        full = f"_{numbers[template]}.{identifier}"
        if isinstance(target, tree.Node):
            closure.files.append((full, owner, target))
            closure.contexts[owner].file_variables[target] = full
        else:
            closure.names[target] = full
    context.names.update(closure.names)
    for other in closure.contexts.values():
        other.names = context.names


def _loaded(model: Model, closure: Closure) -> list[tuple[str, str, Importable | tree.Node, Model]]:
    """Return the loaded files that imported symbols use, and make the contexts of their files."""
    found: list[tuple[str, str, Importable | tree.Node, Model]] = []
    for symbol, origin in closure.origins.items():
        owner = symbol.model
        if owner not in closure.contexts:
            other = decide(owner)
            other.not_exported = {one.node for one in closure.origins}
            closure.contexts[owner] = other
        for node in tree.descendants(symbol.node):
            variable = closure.contexts[owner].file_variables.get(node)
            if variable is not None:
                found.append((origin.template, variable, node, owner))
    return found
