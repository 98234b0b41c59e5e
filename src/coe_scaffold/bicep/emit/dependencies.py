"""``dependsOn``: which resources and modules a resource or module waits for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coe_scaffold.bicep.binding.model import Model
from coe_scaffold.bicep.binding.symbols import LocalVar, Module, Resource, Symbol, Var
from coe_scaffold.bicep.emit.arm import Arm, Func, json_value
from coe_scaffold.bicep.emit.context import View
from coe_scaffold.bicep.emit.decisions import IDENTIFIERS
from coe_scaffold.bicep.emit.expressions import Expressions
from coe_scaffold.bicep.emit.references import Reference
from coe_scaffold.bicep.syntax import tree

Declared = Resource | Module | Var


@dataclass(frozen=True)
class Dependency:
    """A use of a resource, module or variable. A weak one reads nothing that exists only after deploying."""

    target: Declared
    index: tree.Node | None = None
    weak: bool = False


class DependencyGraph:
    """The uses in every resource, module and variable of a file."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.edges: dict[Symbol, list[Dependency]] = {}
        declared: list[Declared] = [*model.variables, *model.resources, *model.modules]
        for symbol in declared:
            self.edges[symbol] = list(dict.fromkeys(self._uses(symbol)))
        self._drop_plain_variables()

    def _drop_plain_variables(self) -> None:
        """Forget variables that lead to no resource."""
        empty = [symbol for symbol, edges in self.edges.items() if isinstance(symbol, Var) and not edges]
        while empty:
            gone = set(empty)
            empty = []
            for symbol, edges in self.edges.items():
                kept = [edge for edge in edges if edge.target not in gone]
                if len(kept) < len(edges):
                    self.edges[symbol] = kept
                    if not kept and isinstance(symbol, Var):
                        empty.append(symbol)

    def _uses(self, symbol: Declared) -> Iterator[Dependency]:
        if isinstance(symbol, Resource) and symbol.parent is not None:
            yield Dependency(symbol.parent, symbol.parent_index, weak=True)
        body: tree.Node = symbol.node
        yield from _Walker(self.model, symbol).walk(body)


class _Walker:
    """Walks one declaration with the path from its root, nested resources left out."""

    def __init__(self, model: Model, symbol: Declared) -> None:
        self.model = model
        self.symbol = symbol
        self.path: list[tree.Node] = []
        loop = symbol.node.value if isinstance(symbol, Var) else symbol.node.body
        self.loops = {loop} if isinstance(loop, tree.For) else set()
        outer = symbol.nesting if isinstance(symbol, Resource) else None
        while outer is not None:
            if outer.loop is not None:
                self.loops.add(outer.loop)
            outer = outer.nesting

    def walk(self, node: tree.Node) -> Iterator[Dependency]:
        """Yield the uses in a node."""
        if isinstance(node, tree.ResourceDecl) and self.path:
            return
        if isinstance(node, tree.Name | tree.NestedAccess):
            target = self.model.refs.get(node)
            if isinstance(target, Var):
                is_loop = isinstance(target.node.value, tree.For)
                yield Dependency(target, self._index(node) if is_loop else None)
            elif isinstance(target, Module | Resource):
                index = self._index(node) if target.is_collection else None
                weak = isinstance(target, Resource) and self._weak(node, target)
                yield Dependency(target, index, weak)
            return
        self.path.append(node)
        for child in tree.children(node):
            yield from self.walk(child)
        self.path.pop()

    def _index(self, node: tree.Node) -> tree.Node | None:
        """Return the index a collection is used with, when it means the same at the top of the body."""
        parent = self.path[-1]
        if not isinstance(parent, tree.Index) or parent.base is not node:
            return None
        for part in tree.descendants(parent.index):
            symbol = self.model.refs.get(part)
            if isinstance(symbol, LocalVar) and symbol.owner not in self.loops:
                declared_inside = any(step is symbol.owner for step in tree.descendants(parent.index))
                if not declared_inside:
                    return None
        return parent.index

    def _weak(self, node: tree.Node, target: Resource) -> bool:
        return self._reads_identifier(node, target) or self._inside("parent", "scope")

    def _reads_identifier(self, node: tree.Node, target: Resource) -> bool:
        for parent in reversed(self.path):
            match parent:
                case tree.NonNull():
                    node = parent
                    continue
                case tree.Property():
                    return parent.name in IDENTIFIERS
                case tree.MethodCall():
                    return parent.base is node
                case tree.Index(index=tree.Str() as key) if key.literal is not None:
                    return key.literal in IDENTIFIERS
                case tree.Index() if target.is_collection and parent.base is node:
                    node = parent
                    continue
            return False
        return False

    def _inside(self, *names: str) -> bool:
        body = None if isinstance(self.symbol, Var) else self.symbol.body
        for outer, inner in zip(self.path, self.path[1:], strict=False):
            if outer is body and isinstance(inner, tree.ObjectProperty):
                return inner.name in names
        return False


@dataclass(frozen=True)
class _Found:
    key: str
    dependency: Dependency
    reference: Reference


class Dependencies:
    """Writes the ``dependsOn`` of the resources and modules of a file."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.context = expressions.context
        self.graph = DependencyGraph(expressions.model)

    def entries(self, symbol: Resource | Module, view: View) -> list[object]:
        """Return the entries for one resource or module, sorted as the official compiler does."""
        found: dict[Symbol, list[_Found]] = {}
        for dependency in self.graph.edges[symbol]:
            for path in self._paths([dependency]):
                end = self._follow(path, view)
                found.setdefault(end.dependency.target, []).append(end)
        chosen: list[_Found] = []
        for group in found.values():
            whole = next((one for one in group if one.dependency.index is None), None)
            chosen += [whole] if whole else list({one.dependency: one for one in group}.values())
        chosen.sort(key=lambda one: culture_key(one.key))
        return [json_value(self._entry(one.reference, view)) for one in chosen]

    def _paths(self, path: list[Dependency]) -> Iterator[list[Dependency]]:
        if self._ends(path[-1]):
            yield path
            return
        for following in self.graph.edges[path[-1].target]:
            if following not in path:
                yield from self._paths([*path, following])

    def _ends(self, dependency: Dependency) -> bool:
        target = dependency.target
        if isinstance(target, Module):
            return True
        if isinstance(target, Resource):
            return not target.existing or (self.context.symbolic and not dependency.weak)
        return False

    def _follow(self, path: list[Dependency], view: View) -> _Found:
        """Return what a path leads to, with its index as seen from the start."""
        references = self.expressions.references
        all_loop = True
        reference = Reference(path[-1].target) if not isinstance(path[-1].target, Var) else None
        for dependency in path:
            target, index = dependency.target, dependency.index
            value: Arm | None = None
            if index is not None:
                value = self.expressions.convert(index, view)
            if isinstance(target, Var):
                if value is not None:
                    view = view.with_locals(self._variable_locals(target, value, view))
            elif value is not None:
                one = references.indexed(target, index, view) if index is not None else Reference(target)
                reference = one
                view = one.view or view
            else:
                reference = Reference(target)
            looped = value is not None and _has_copy_index(value)
            if looped and not all_loop and not isinstance(target, Var):
                dependency = Dependency(target, None, dependency.weak)
                reference = Reference(target)
            all_loop = all_loop and looped
            last = dependency
        target = last.target
        assert reference is not None  # noqa: S101 - paths end at deployed things
        assert not isinstance(target, Var)  # noqa: S101 - as above
        key = target.key if isinstance(target, Resource) else target.name
        return _Found(key, last, reference)

    def _variable_locals(self, target: Var, index: Arm, view: View) -> dict[LocalVar, Arm]:
        loop = target.node.value
        found: dict[LocalVar, Arm] = {}
        if isinstance(loop, tree.For):
            for local in (loop.item, loop.index):
                variable = self.expressions.model.refs.get(local) if local is not None else None
                if isinstance(variable, LocalVar):
                    found[variable] = self.expressions.loop_value(variable, index, view)
        return found

    def _entry(self, reference: Reference, view: View) -> Arm:
        symbol = reference.symbol
        references = self.expressions.references
        if self.context.symbolic or (symbol.is_collection and reference.index is None):
            return references.symbolic_name(reference)
        inner = reference.view or view
        if isinstance(symbol, Module):
            return references.module_id(symbol, reference.index, inner)
        return references.resource_id(symbol, inner)


def _has_copy_index(value: Arm) -> bool:
    if not isinstance(value, Func):
        return False
    if value.name == "copyIndex":
        return True
    return any(_has_copy_index(part) for part in (*value.args, *value.accesses))


def culture_key(name: str) -> tuple[list[tuple[int, str]], str]:
    """Return a key that sorts as .NET's invariant culture: punctuation, digits, letters; case last."""
    first = []
    for character in name:
        group = 2 if character.isalpha() else 1 if character.isdigit() else 0
        first.append((group, character.lower()))
    return first, name.swapcase()
