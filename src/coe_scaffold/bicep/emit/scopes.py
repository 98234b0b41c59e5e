"""Where things are deployed: scopes, resource ids and the segments of resource names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coe_scaffold.bicep.binding.symbols import Module, Namespace, Resource, Var
from coe_scaffold.bicep.emit.arm import Arm, access, call, json_value
from coe_scaffold.bicep.emit.context import View
from coe_scaffold.bicep.syntax import tree

if TYPE_CHECKING:
    from coe_scaffold.bicep.emit.expressions import Expressions

RESOURCE_GROUPS = "microsoft.resources/resourcegroups"
MANAGEMENT_GROUPS = "microsoft.management/managementgroups"


@dataclass(frozen=True)
class ScopeData:
    """A deployment scope. ``kind`` is a target scope or ``resource``; nodes are seen from ``owner``."""

    kind: str
    management_group: tree.Node | None = None
    subscription: tree.Node | None = None
    group: tree.Node | None = None
    resource: Resource | None = None
    index: tree.Node | None = None
    holder: Resource | None = None
    """The resource whose name ``group`` or ``management_group`` is, when one of a collection is meant."""
    owner: Resource | None = None
    """The outermost ancestor that gave this scope to its children."""


class Scopes:
    """Scopes and ids of the resources and modules of one file."""

    def __init__(self, expressions: Expressions) -> None:
        self.expressions = expressions
        self.model = expressions.model
        self._known: dict[Resource | Module, ScopeData] = {}

    def of(self, symbol: Resource | Module) -> ScopeData:
        """Return the scope of a resource or module."""
        known = self._known.get(symbol)
        if known is None:
            known = self._known[symbol] = self._find(symbol)
        return known

    def _find(self, symbol: Resource | Module) -> ScopeData:
        if isinstance(symbol, Resource):
            ancestors = symbol.ancestors()
            if ancestors:
                root = ancestors[0][0]
                data = self.of(root)
                return ScopeData(
                    data.kind,
                    data.management_group,
                    data.subscription,
                    data.group,
                    data.resource,
                    data.index,
                    data.holder,
                    owner=root,
                )
        value = symbol.value("scope")
        if value is None:
            return ScopeData(self.model.target_scope)
        return self._parse(value)

    def _parse(self, value: tree.Node) -> ScopeData:
        while isinstance(value, tree.Paren | tree.NonNull):
            value = value.inner if isinstance(value, tree.Paren) else value.base
        if isinstance(value, tree.MethodCall) and isinstance(self.expressions.symbol(value.base), Namespace):
            return self._function(value, value.name, value.args)
        if isinstance(value, tree.Call):
            return self._function(value, value.name, value.args)
        if isinstance(value, tree.Ternary):
            yes, no = self._parse(value.yes), self._parse(value.no)
            if yes.kind == no.kind and yes.kind != "resource":
                return yes  # the official compiler takes the first of equal kinds
        variable = self.expressions.symbol(value)
        if isinstance(variable, Var):
            return self._parse(variable.node.value)
        index = None
        target = value
        if isinstance(value, tree.Index):
            index, target = value.index, value.base
        symbol = self.expressions.symbol(target)
        if isinstance(symbol, Resource):
            return self._resource(symbol, index)
        raise self.model.diagnostics.stop(
            value.start,
            "BCP420",
            "The scope could not be resolved at compile time because the supplied expression is ambiguous "
            "or too complex. Scoping expressions must be reducible to a specific kind of scope without "
            "knowledge of parameter values.",
        )

    def _function(self, node: tree.Node, name: str, args: tuple[tree.Node, ...]) -> ScopeData:
        match name, args:
            case "tenant", ():
                return ScopeData("tenant")
            case "managementGroup", ():
                return ScopeData("managementGroup")
            case "managementGroup", (group,):
                return ScopeData("managementGroup", management_group=group)
            case "subscription", ():
                return ScopeData("subscription")
            case "subscription", (subscription,):
                return ScopeData("subscription", subscription=subscription)
            case "resourceGroup", ():
                return ScopeData("resourceGroup")
            case "resourceGroup", (group,):
                return ScopeData("resourceGroup", group=group)
            case "resourceGroup", (subscription, group):
                return ScopeData("resourceGroup", subscription=subscription, group=group)
        raise self.model.diagnostics.stop(
            node.start, "BCP134", f'The call of "{name}" is not a scope that is valid here.'
        )

    def _resource(self, symbol: Resource, index: tree.Node | None) -> ScopeData:
        holder = symbol if symbol.is_collection else None
        if symbol.type.lower() == RESOURCE_GROUPS:
            subscription = self.of(symbol).subscription
            return ScopeData(
                "resourceGroup",
                subscription=subscription,
                group=symbol.name_node,
                index=index,
                holder=holder,
            )
        if symbol.type.lower() == MANAGEMENT_GROUPS:
            return ScopeData("managementGroup", management_group=symbol.name_node, index=index, holder=holder)
        return ScopeData("resource", resource=symbol, index=index)

    # --- names ---

    def ancestor_view(self, resource: Resource, number: int, view: View) -> View:
        """Return how expressions of an ancestor (0 is the outermost) are seen from a resource's view."""
        ancestors = resource.ancestors()
        for ancestor, index in reversed(ancestors[number:]):
            if index is not None:
                value = self.expressions.convert(index, view)
                locals_ = self.expressions.references.loop_locals(ancestor, value, view)
                view = view.with_locals(locals_)
        return view

    def name_segments(self, resource: Resource, view: View) -> list[Arm]:
        """Return the name of a resource and of those above it, one part for each part of its type."""
        convert = self.expressions.convert
        own = convert(resource.name_node, view)
        types = resource.type.split("/")[1:]
        ancestors = resource.ancestors()
        if ancestors:
            segments: list[Arm] = []
            first = len(types) - len(ancestors)
            for number, (ancestor, _) in enumerate(ancestors):
                name = convert(ancestor.name_node, self.ancestor_view(resource, number, view))
                if number == 0 and first > 1:
                    segments += [access(call("split", name, "/"), part) for part in range(first)]
                else:
                    segments.append(name)
            return [*segments, own]
        if len(types) == 1:
            return [own]
        return [access(call("split", own, "/"), part) for part in range(len(types))]

    def full_name(self, resource: Resource, view: View) -> Arm:
        """Return the value of ``name`` in the template."""
        if resource.parent is None:
            return self.expressions.convert(resource.name_node, view)
        segments = self.name_segments(resource, view)
        pattern = "/".join(f"{{{number}}}" for number in range(len(segments)))
        return call("format", pattern, *segments)

    # --- ids ---

    def full_id(self, scope: ScopeData, type_: str, segments: list[Arm], view: View) -> Arm:
        """Return the id of something of a type and name in a scope."""
        convert = self.expressions.convert
        match scope.kind:
            case "tenant":
                return call("tenantResourceId", type_, *segments)
            case "subscription":
                subscription = [convert(scope.subscription, view)] if scope.subscription else []
                return call("subscriptionResourceId", *subscription, type_, *segments)
            case "resourceGroup":
                if scope.group is None:
                    return call("resourceId", type_, *segments)
                group_id = call(
                    "format",
                    "/subscriptions/{0}/resourceGroups/{1}",
                    convert(scope.subscription, view)
                    if scope.subscription
                    else access(call("subscription"), "subscriptionId"),
                    convert(scope.group, view),
                )
                return call("extensionResourceId", group_id, type_, *segments)
            case "managementGroup":
                group = (
                    self.management_group_id(scope.management_group, view, qualified=True)
                    if scope.management_group
                    else access(call("managementGroup"), "id")
                )
                return call("extensionResourceId", group, type_, *segments)
        extended = scope.resource
        assert extended is not None  # noqa: S101 - the only kind left
        parent = self.full_id(self.of(extended), extended.type, self.name_segments(extended, view), view)
        return call("extensionResourceId", parent, type_, *segments)

    def management_group_id(self, name: tree.Node, view: View, *, qualified: bool) -> Arm:
        """Return the id of a management group by name."""
        type_ = "Microsoft.Management/managementGroups"
        value = self.expressions.convert(name, view)
        if qualified:
            return call("tenantResourceId", type_, value)
        return call("format", f"{type_}/{{0}}", value)

    # --- template properties ---

    def properties(self, symbol: Resource | Module, view: View) -> dict[str, object]:
        """Return the properties that put a resource or module into its scope."""
        scope = self.of(symbol)
        seen = view
        if scope.owner is not None and isinstance(symbol, Resource):
            seen = self.ancestor_view(symbol, 0, view)
        if scope.index is not None:
            holder = scope.resource or scope.holder
            if holder is not None:
                value = self.expressions.convert(scope.index, seen)
                seen = seen.with_locals(self.expressions.references.loop_locals(holder, value, seen))
        if scope.resource is not None:
            segments = self.name_segments(scope.resource, seen)
            target = self.full_id(self.of(scope.resource), scope.resource.type, segments, seen)
            return {"scope": json_value(target)}
        return self._placed(scope, seen)

    def _placed(self, scope: ScopeData, view: View) -> dict[str, object]:
        target = self.model.target_scope
        found: dict[str, object] = {}
        if scope.kind == "tenant":
            if target != "tenant":
                found["scope"] = "/"
        elif scope.kind == "managementGroup":
            if scope.management_group is not None:
                group = self.management_group_id(
                    scope.management_group, view, qualified=target not in ("tenant", "managementGroup")
                )
                found["scope"] = json_value(group)
        else:
            if scope.subscription is not None:
                found["subscriptionId"] = json_value(self.expressions.convert(scope.subscription, view))
            elif scope.kind == "subscription" and target == "resourceGroup":
                found["subscriptionId"] = "[subscription().subscriptionId]"
            if scope.group is not None:
                found["resourceGroup"] = json_value(self.expressions.convert(scope.group, view))
        return found
