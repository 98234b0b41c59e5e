"""From the ``resources`` of a template to single instances: children flattened, loops unrolled, ids known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from coe_scaffold.model.json import JsonObject, Unknown, Value
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.template.context import DEPLOYMENT_TYPE
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.frame import Frame, Stage
from coe_scaffold.template.interpreter import expand, loop_count
from coe_scaffold.template.values import settled

UNKNOWN_NAME = "<known after apply>"
"""Stands for a name or scope that only the deployment can know; see ``Resource.known_id``."""


@dataclass(frozen=True)
class Declaration:
    """One resource as written. ``symbol`` is empty in the array form; ``pointer`` is its JSON pointer."""

    pointer: str
    body: JsonObject = field(hash=False)
    symbol: str = ""
    parents: tuple[JsonObject, ...] = field(default=(), hash=False)

    @property
    def type(self) -> str:
        """The full resource type, with those of the parents it is nested in."""
        written = str(self.body["type"])
        if not self.parents or "." in written.split("/")[0]:
            return written
        return "/".join([*(str(parent["type"]) for parent in self.parents), written])


@dataclass(eq=False)
class Instance:
    """One resource or nested deployment to process; loops make several of one declaration.

    ``condition`` is True, False or Unknown. ``known_id`` is False when name or scope hold Unknown.
    ``index`` is -1 outside loops. ``failure`` is why an existing resource has no identity: it only matters
    when somebody refers to it.
    """

    declaration: Declaration
    frame: Frame
    type: str
    name: str
    api_version: str
    scope: Scope
    condition: Value
    loop: str = ""
    index: int = -1
    known_id: bool = True
    existing: bool = False
    failure: TemplateFailure | None = None
    depends_on: list[Instance] = field(default_factory=list)

    @cached_property
    def id(self) -> Scope:
        """The resource id."""
        if self.type.lower() == "microsoft.resources/resourcegroups":
            return self.scope.group(self.name)
        return self.scope.child(self.type, self.name)

    @property
    def is_deployment(self) -> bool:
        """Whether this is a nested deployment with its template inside."""
        properties = self.declaration.body.get("properties")
        return (
            self.type.lower() == DEPLOYMENT_TYPE.lower()
            and isinstance(properties, dict)
            and isinstance(properties.get("template"), dict)
        )

    def waits_for(self, other: Instance) -> bool:
        """Whether this is the other instance or depends on it, however far down."""
        seen, waiting = {id(self)}, [self]
        while waiting:
            current = waiting.pop()
            if current is other:
                return True
            new = [item for item in current.depends_on if id(item) not in seen]
            seen |= {id(item) for item in new}
            waiting += new
        return False

    @property
    def deployed(self) -> bool:
        """Whether this resource will or may be created."""
        return not self.existing and self.condition is not False


def declarations(template: JsonObject) -> Iterator[Declaration]:
    """Yield the resources of a template, children nested in their parents after these."""
    resources = template.get("resources", [])
    if isinstance(resources, dict):
        for symbol, body in resources.items():
            pointer = f"/resources/{symbol.replace('~', '~0').replace('/', '~1')}"
            yield Declaration(pointer, _checked(body, pointer), symbol)
    elif isinstance(resources, list):
        for index, body in enumerate(resources):
            yield from _nested(f"/resources/{index}", body, ())
    else:
        raise TemplateFailure(
            "The template's 'resources' must be an array or an object.", pointer="/resources"
        )


def _nested(pointer: str, body: Any, parents: tuple[JsonObject, ...]) -> Iterator[Declaration]:
    yield Declaration(pointer, _checked(body, pointer), "", parents)
    children = body.get("resources")
    if isinstance(children, list):
        for index, child in enumerate(children):
            yield from _nested(f"{pointer}/resources/{index}", child, (*parents, body))


def _checked(body: Any, pointer: str) -> JsonObject:
    if not isinstance(body, dict):
        raise TemplateFailure("A resource must be an object.", pointer=pointer)
    for foreign in ("import", "extension"):
        if foreign in body:
            raise TemplateFailure(
                f"Resources of the extension '{body[foreign]}' are not supported here.", pointer=pointer
            )
    for name in ("type", "apiVersion", "name"):
        if not isinstance(body.get(name), str) or not body[name]:
            raise TemplateFailure(
                f"The template resource at '{pointer}' is not valid: its required '{name}' is missing.",
                pointer=pointer,
            )
    return body


def instances(declaration: Declaration, frame: Frame, target: Scope) -> list[Instance]:
    """Return the instances of a declaration; raise TemplateFailure with its pointer."""
    try:
        return [
            _instance(declaration, each, target, loop, index)
            for each, loop, index in _iterations(declaration, frame)
        ]
    except TemplateFailure as failure:
        raise failure.at(declaration.pointer) from None


def _iterations(declaration: Declaration, frame: Frame) -> Iterator[tuple[Frame, str, int]]:
    """Yield frame, loop name and index of each iteration, of the resource's own loop or its parent's."""
    frame = frame.at(Stage.STATIC)
    bodies = (declaration.body, *reversed(declaration.parents))
    loop = next((body["copy"] for body in bodies if body.get("copy") is not None), None)
    if loop is None:
        yield frame, "", -1
        return
    if not isinstance(loop, dict) or "name" not in loop or "count" not in loop:
        raise TemplateFailure("The resource's 'copy' needs the members 'name' and 'count'.")
    name = str(settled(expand(loop["name"], frame)))
    count = loop_count(loop["count"], name, frame)
    if isinstance(count, Unknown):
        yield frame.looping(name, count, default=True), name, 0
        return
    for index in range(count):
        yield frame.looping(name, index, default=True), name, index


def _instance(declaration: Declaration, frame: Frame, target: Scope, loop: str, index: int) -> Instance:
    existing = declaration.body.get("existing") is True
    condition: Value = existing or _condition(declaration.body.get("condition", True), frame)
    count = frame.loops.get(loop.lower())
    if isinstance(count, Unknown) and condition is True:
        condition = count
    failure = None
    try:
        kind, name, scope, known = _identity(declaration, frame, target)
        api_version = str(settled(expand(declaration.body["apiVersion"], frame)))
    except TemplateFailure as refused:
        if condition is not False and not existing:
            raise
        failure = refused
        kind, name, scope, known = DEPLOYMENT_TYPE, UNKNOWN_NAME, target, False
        api_version = ""
    return Instance(
        declaration, frame, kind, name, api_version, scope, condition, loop, index, known, existing, failure
    )


def _condition(written: Any, frame: Frame) -> Value:
    value = expand(written, frame)
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if isinstance(value, bool | Unknown):
        return value
    raise TemplateFailure(f"The resource's 'condition' must be a boolean: '{value}'.")


def _identity(declaration: Declaration, frame: Frame, target: Scope) -> tuple[str, str, Scope, bool]:
    """Return type, full name, scope and whether these are known, for one iteration."""
    kind = str(settled(expand(declaration.type, frame))).rstrip("/")
    types = kind.split("/")[1:]
    segments: list[str | None] = []
    nested = declaration.parents if declaration.type != declaration.body["type"] else ()
    for body in (*nested, declaration.body):
        written = settled(expand(body["name"], frame))
        if isinstance(written, Unknown):
            segments += [None] * (len(types) - len(segments))
        elif isinstance(written, str | int):
            segments += str(written).strip("/").split("/")
    names = [segment if segment is not None else UNKNOWN_NAME for segment in segments]
    if not types or len(segments) != len(types) or "" in segments:
        shown = "/".join(names)
        raise TemplateFailure(
            f"The template resource '{shown}' of type '{kind}' has incorrect segment lengths. A nested "
            "resource type must have identical number of segments as its resource name. A root resource type "
            "must have segment length one greater than its resource name. Please see "
            "https://aka.ms/arm-syntax-resources for usage details."
        )
    scope, known = scope_of(declaration.body, kind, frame, target)
    known = known and None not in segments
    return (*_extension(kind, names, scope), known)


def _extension(kind: str, names: list[str], scope: Scope) -> tuple[str, str, Scope]:
    """Rewrite ``A/b/providers/roleAssignments`` named ``x/Ns/y`` as ``Ns/roleAssignments`` at ``x``."""
    namespace, *types = kind.split("/")
    lowered = [item.lower() for item in types]
    if "providers" not in lowered:
        return kind, "/".join(names), scope
    at = len(lowered) - 1 - lowered[::-1].index("providers")
    parent_kind, parent_name, parent_scope = _extension("/".join([namespace, *types[:at]]), names[:at], scope)
    parent = parent_scope.child(parent_kind, parent_name)
    return "/".join([names[at], *types[at + 1 :]]), "/".join(names[at + 1 :]), parent


def scope_of(body: JsonObject, kind: str, frame: Frame, target: Scope) -> tuple[Scope, bool]:
    """Return what a resource is deployed into, and whether that is known.

    From ``scope``, or ``subscriptionId`` and ``resourceGroup``, else the deployment's own scope.
    """
    written = settled(expand(body["scope"], frame)) if "scope" in body else None
    if isinstance(written, Unknown):
        return Scope(f"{target.path.rstrip('/')}/{UNKNOWN_NAME}"), False
    if isinstance(written, str) and written:
        return _named_scope(written, target), True
    known = True
    subscription, group = target.subscription, ""
    parts = []
    for member in ("subscriptionId", "resourceGroup"):
        value = settled(expand(body[member], frame)) if member in body else None
        known = known and not isinstance(value, Unknown)
        parts.append(UNKNOWN_NAME if isinstance(value, Unknown) else str(value) if value else "")
    subscription, group = parts[0].removeprefix("/subscriptions/") or subscription, parts[1]
    if group:
        return Scope.subscription_of(subscription).group(group), known
    if parts[0]:
        return Scope.subscription_of(subscription), known
    if kind.lower() in ("microsoft.resources/resourcegroups", "microsoft.resources/subscriptions"):
        wide = target.kind in (ScopeKind.RESOURCE_GROUP, ScopeKind.RESOURCE)
        return (Scope.subscription_of(subscription) if wide else target), known
    return target, known


def _named_scope(written: str, target: Scope) -> Scope:
    """A scope as ARM takes it: ``/``, an id, or ``Namespace/type/name`` in the deployment's own scope."""
    if written.startswith("/"):
        return Scope.parse(written)
    namespace, *rest = written.strip("/").split("/")
    if not rest or len(rest) % 2:
        raise TemplateFailure(f"The resource's 'scope' is not valid: '{written}'.")
    if namespace.lower() == "microsoft.management":
        return Scope(f"/providers/{written}")
    return Scope(f"{target.path.rstrip('/')}/providers/{written}")
