"""In which order instances are processed: ``dependsOn`` by symbol, name, loop or id; serial loops."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from coe_scaffold.model.json import Unknown
from coe_scaffold.model.scope import Scope
from coe_scaffold.template.declarations import Instance
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.interpreter import expand
from coe_scaffold.template.values import settled


class Index:
    """Finds instances by symbol, loop, id, ``type/name`` and bare name, all without regard to case."""

    def __init__(self, all_instances: Iterable[Instance], loops: Iterable[tuple[str, str]]) -> None:
        self.symbols: dict[str, list[Instance]] = {}
        self.by_id: dict[Scope, Instance] = {}
        self._unknown: list[Instance] = []
        self._others: defaultdict[str, list[Instance]] = defaultdict(list)
        for symbol, loop in loops:
            for name in (symbol, loop):
                if name:
                    self.symbols[name.lower()] = []
        for instance in all_instances:
            self._add(instance)

    def _add(self, instance: Instance) -> None:
        symbol = instance.declaration.symbol.lower()
        if symbol and instance.index >= 0:
            self.symbols[f"{symbol}[{instance.index}]"] = [instance]
        if symbol:
            self.symbols.setdefault(symbol, []).append(instance)
        if instance.declaration.body.get("copy") is not None and instance.loop.lower() != symbol:
            self.symbols.setdefault(instance.loop.lower(), []).append(instance)
        if not instance.known_id:
            self._unknown.append(instance)
        elif instance.id not in self.by_id or instance.deployed:
            self.by_id[instance.id] = instance
            whole = instance.id.key.split("/providers/", 1)[-1]
            own = Scope.tenant().child(instance.type, instance.name).key.removeprefix("/providers/")
            lowered = instance.name.lower()
            for name in {whole, own, lowered, lowered.rsplit("/", 1)[-1]}:
                self._others[name].append(instance)

    def find(self, written: str) -> list[Instance] | None:
        """Return what a ``dependsOn`` or ``reference()`` argument means; None when nothing.

        At management group scope ``resourceId()`` gives an id without its scope: that is found too.
        """
        key = written.lower()
        if key in self.symbols:
            return self.symbols[key]
        key = re.sub(r"/{2,}", "/", key)
        if key.startswith("/"):
            found = self.by_id.get(Scope(key.rstrip("/")))
            if found is None and key.startswith("/providers/"):
                return self._others.get(key.removeprefix("/providers/"))
            return [found] if found else None
        return self._others.get(key.strip("/")) or None

    def unknown_of(self, written: Unknown, instance: Instance) -> list[Instance]:
        """Return what an id that is known only later may mean: instances without known id of its type.

        Those that wait for ``instance`` themselves are left out.
        """
        words = {word.strip("/").lower() for word in re.findall(r"'([^']*)'", written.expression)}
        same_type = [item for item in self._unknown if item.type.lower() in words]
        return [item for item in same_type if not item.waits_for(instance)]


def connect(all_instances: list[Instance], index: Index) -> None:
    """Fill in ``depends_on`` from what is written, nesting and serial loops; raise TemplateFailure."""
    batches: defaultdict[str, list[Instance]] = defaultdict(list)
    by_pointer: defaultdict[str, list[Instance]] = defaultdict(list)
    unknown: list[tuple[Instance, Unknown]] = []
    for instance in all_instances:
        by_pointer[instance.declaration.pointer].append(instance)
        if instance.declaration.body.get("copy") is not None:
            batches[instance.declaration.pointer].append(instance)
    for instance in all_instances:
        if instance.condition is False:
            continue
        try:
            for written in _written(instance):
                if isinstance(written, Unknown):
                    unknown.append((instance, written))
                else:
                    instance.depends_on += _targets(written, instance, index)
        except TemplateFailure as failure:
            raise failure.at(instance.declaration.pointer) from None
        parents = by_pointer.get(instance.declaration.pointer.rpartition("/resources/")[0], [])
        instance.depends_on += [parent for parent in parents if parent.index in (-1, instance.index)]
    for loop in batches.values():
        _serial(loop)
    for instance, later in unknown:
        instance.depends_on += index.unknown_of(later, instance)


def _written(instance: Instance) -> list[Any]:
    value = settled(expand(instance.declaration.body.get("dependsOn") or [], instance.frame))
    if not isinstance(value, list):
        raise TemplateFailure("The resource's 'dependsOn' must be an array.")
    return value


def _targets(written: Any, instance: Instance, index: Index) -> list[Instance]:
    found = index.find(written) if isinstance(written, str) else None
    if found is None:
        raise TemplateFailure(
            f"The resource '{written}' is not defined in the template. "
            "Please see https://aka.ms/arm-syntax for usage details."
        )
    return [target for target in found if target is not instance]


def _serial(loop: list[Instance]) -> None:
    copy = loop[0].declaration.body["copy"]
    if str(copy.get("mode", "")).lower() != "serial":
        return
    size = settled(expand(copy.get("batchSize", 1), loop[0].frame))
    if not isinstance(size, int) or size < 1:
        raise TemplateFailure(
            "The copy's 'batchSize' must be 1 or more.", pointer=loop[0].declaration.pointer
        )
    for position, instance in enumerate(loop):
        start = position // size * size
        instance.depends_on += loop[max(0, start - size) : start]


def ordered(all_instances: list[Instance]) -> list[Instance]:
    """Return the instances so that each comes after what it depends on, else as written.

    Raises TemplateFailure that names the resources of a circle.
    """
    done: set[int] = set()
    result: list[Instance] = []
    for root in all_instances:
        stack: list[tuple[Instance, int]] = [(root, 0)]
        path = {id(root)}
        if id(root) in done:
            continue
        while stack:
            instance, position = stack.pop()
            if position < len(instance.depends_on):
                stack.append((instance, position + 1))
                target = instance.depends_on[position]
                if id(target) in path:
                    raise circle([item for item, _ in stack], target)
                if id(target) not in done:
                    stack.append((target, 0))
                    path.add(id(target))
                continue
            path.discard(id(instance))
            done.add(id(instance))
            result.append(instance)
    return result


def circle(chain: list[Instance], target: Instance) -> TemplateFailure:
    """Return the failure for a chain of instances that leads back into itself."""
    start = chain.index(target)
    names = " -> ".join(str(item.id) for item in [*chain[start:], target])
    return TemplateFailure(
        f"Circular dependency detected on resource: '{names}'. "
        "Please see https://aka.ms/arm-syntax-resources for usage details.",
        pointer=target.declaration.pointer,
    )
