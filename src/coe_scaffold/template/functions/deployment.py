"""Functions of the deployment's surroundings: scopes, resource ids, environment, deployer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from typing import TYPE_CHECKING

from coe_scaffold.model.json import Unknown, Value
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.template.context import DeploymentContext
from coe_scaffold.template.failure import TemplateFailure
from coe_scaffold.template.functions import dates
from coe_scaffold.template.functions.registry import text
from coe_scaffold.template.syntax import Call, written
from coe_scaffold.template.values import Partial

if TYPE_CHECKING:
    from coe_scaffold.template.frame import Frame

_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def utc_now(context: DeploymentContext, style: str = dates.BASIC) -> str:
    """``utcNow([format])``."""
    return dates.shown(context.now.astimezone(UTC), style)


def below(scope: str, resource_type: str, names: list[str]) -> str:
    """Return the id of a resource below a scope; raise TemplateFailure when type and names don't pair."""
    parts = resource_type.strip("/").split("/")
    if len(parts) != len(names) + 1 or "" in parts:
        raise TemplateFailure(
            "Unable to evaluate template language function 'resourceId': the type "
            f"'{resource_type}' requires '{max(len(parts) - 1, 0)}' resource name argument(s). Please see "
            "https://aka.ms/arm-resource-functions/#resourceid for usage details."
        )
    if resource_type.lower() == "microsoft.resources/resourcegroups" and scope.count("/") == 2:
        return f"{scope}/resourceGroups/{names[0]}"
    if resource_type.lower() == "microsoft.resources/subscriptions" and not scope:
        return f"/subscriptions/{names[0]}"
    tail = "".join(f"/{kind}/{name}" for kind, name in zip(parts[1:], names, strict=True))
    return f"{scope.rstrip('/')}/providers/{parts[0]}{tail}"


def _split(call: Call, arguments: tuple[Value, ...]) -> tuple[list[str], str, list[str]]:
    """Cut arguments into what stands before the type, the type, and the names."""
    words = [str(item) if type(item) is int else text(call.written, item) for item in arguments]
    for index, word in enumerate(words):
        kind = word.strip("/")
        if "/" in kind and not word.startswith("/subscriptions/") and len(words) > index:
            return words[:index], kind, words[index + 1 :]
    raise TemplateFailure(
        f"Unable to evaluate template language function '{call.written}': it expects a fully qualified "
        "resource type as '{namespace}/{type}'."
    )


def _subscription_of(frame: Frame, call: Call) -> str:
    subscription = frame.context.scope.subscription
    if not subscription:
        raise TemplateFailure(f"The template function '{call.written}' is not expected at this location.")
    return subscription


def resource_id(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``resourceId([subscription,] [group,] type, name, ...)``, by the deployment's own scope."""
    if any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    before, kind, names = _split(call, arguments)
    context = frame.context
    if len(before) > 2:
        raise TemplateFailure(
            "Unable to evaluate template language function 'resourceId': too many arguments."
        )
    if len(before) == 2:
        return below(f"/subscriptions/{before[0]}/resourceGroups/{before[1]}", kind, names)
    if context.in_resource_group:
        group = context.scope
        if before and _GUID.fullmatch(before[0]):
            scope = f"/subscriptions/{before[0]}/resourceGroups/{group.resource_group}"
        else:
            scope = group.group(before[0]).path if before else group.path
        return below(scope, kind, names)
    if before and not _GUID.fullmatch(before[0]):
        return below(
            f"/subscriptions/{_subscription_of(frame, call)}/resourceGroups/{before[0]}", kind, names
        )
    if before or context.scope.subscription:
        return below(f"/subscriptions/{before[0] if before else context.scope.subscription}", kind, names)
    return below("", kind, names)


def subscription_resource_id(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``subscriptionResourceId([subscription,] type, name, ...)``."""
    if any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    before, kind, names = _split(call, arguments)
    subscription = before[0] if before else _subscription_of(frame, call)
    return below(f"/subscriptions/{subscription}", kind, names)


def tenant_resource_id(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``tenantResourceId(type, name, ...)``."""
    if any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    _before, kind, names = _split(call, arguments)
    return below("", kind, names)


def extension_resource_id(call: Call, arguments: tuple[Value, ...], _: Frame) -> Value:
    """``extensionResourceId(base id, type, name, ...)``."""
    if any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    if len(arguments) < 3:
        raise TemplateFailure("The template function 'extensionResourceId' takes 3 or more arguments.")
    base, kind, *names = (text(call.written, item) for item in arguments)
    return below("/" + base.strip("/"), kind, names)


def management_group_resource_id(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``managementGroupResourceId([group,] type, name, ...)``."""
    if any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    before, kind, names = _split(call, arguments)
    if not before and frame.context.scope.kind is not ScopeKind.MANAGEMENT_GROUP:
        raise TemplateFailure(f"The template function '{call.written}' is not expected at this location.")
    scope = Scope.management_group(before[0]) if before else frame.context.scope
    return below(scope.path, kind, names)


def resource_group(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``resourceGroup()``."""
    context = frame.context
    if arguments or not context.in_resource_group:
        raise TemplateFailure(
            "The template function 'RESOURCEGROUP' is not expected at this location. It can only be used in "
            "a deployment to a resource group."
        )
    facts = frame.services.answer(Call("resourcegroup", (), call.written), (), frame)
    members = {
        "id": context.scope.path,
        "name": context.scope.resource_group,
        "type": "Microsoft.Resources/resourceGroups",
        **facts,
        "properties": {"provisioningState": "Succeeded"},
    }
    return Partial(members, "resourceGroup()") if isinstance(facts, Partial) else members


def subscription(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``subscription()``."""
    identifier = _subscription_of(frame, call)
    name = frame.context.subscription_name
    if arguments:
        raise TemplateFailure("The template function 'subscription' takes no arguments.")
    return {
        "id": f"/subscriptions/{identifier}",
        "subscriptionId": identifier,
        "tenantId": frame.context.tenant,
        "displayName": name or Unknown("subscription().displayName"),
    }


def tenant(_: Call, __: tuple[Value, ...], frame: Frame) -> Value:
    """``tenant()``."""
    return Partial({"tenantId": frame.context.tenant, "id": "/"}, "tenant()")


def management_group(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``managementGroup()``."""
    scope = frame.context.scope
    if arguments or scope.kind is not ScopeKind.MANAGEMENT_GROUP:
        raise TemplateFailure(f"The template function '{call.written}' is not expected at this location.")
    properties = Partial({"tenantId": frame.context.tenant}, "managementGroup().properties")
    return Partial(
        {
            "id": scope.path,
            "name": scope.name,
            "type": "Microsoft.Management/managementGroups",
            "properties": properties,
        },
        "managementGroup()",
    )


def deployment(_: Call, __: tuple[Value, ...], frame: Frame) -> Value:
    """``deployment()``: its name, outside resource groups its location, and its properties."""
    context = frame.context
    result: dict[str, Value] = {"name": context.name}
    if context.location and not context.in_resource_group:
        result["location"] = context.location
    result["properties"] = Partial({"mode": "Incremental"}, "deployment().properties")
    return result


def environment(_: Call, __: tuple[Value, ...], frame: Frame) -> Value:
    """``environment()``."""
    return dict(frame.context.environment)


def deployer(_: Call, __: tuple[Value, ...], frame: Frame) -> Value:
    """``deployer()``: who deploys; the tenant is always known."""
    return Partial({"tenantId": frame.context.tenant, **frame.context.deployer}, "deployer()")


def providers(call: Call, arguments: tuple[Value, ...], frame: Frame) -> Value:
    """``providers(namespace[, type])``: what a provider offers; only ARM knows."""
    if frame.context.provider is None or any(isinstance(item, Unknown) for item in arguments):
        return Unknown(written(call))
    words = [text(call.written, item) for item in arguments]
    if len(words) not in (1, 2):
        raise TemplateFailure("The template function 'providers' takes 1 or 2 arguments.")
    shown = ("resourceType", "locations", "apiVersions")
    types = [{key: kind[key] for key in shown} for kind in frame.context.provider(words[0])]
    if len(words) == 1:
        return {"namespace": words[0], "resourceTypes": types}
    for kind in types:
        if str(kind["resourceType"]).lower() == words[1].lower():
            return kind
    raise TemplateFailure(f"The resource type '{words[1]}' could not be found in the namespace '{words[0]}'.")


def _unknowable(call: Call, _: tuple[Value, ...], __: Frame) -> Value:
    """Answers that only Azure has."""
    return Unknown(written(call))


FACTS: dict[str, Callable[[Call, tuple[Value, ...], Frame], Value]] = {
    "resourceid": resource_id,
    "subscriptionresourceid": subscription_resource_id,
    "tenantresourceid": tenant_resource_id,
    "extensionresourceid": extension_resource_id,
    "managementgroupresourceid": management_group_resource_id,
    "resourcegroup": resource_group,
    "subscription": subscription,
    "tenant": tenant,
    "managementgroup": management_group,
    "deployment": deployment,
    "environment": environment,
    "deployer": deployer,
    "providers": providers,
    "pickzones": _unknowable,
    "roledefinitions": _unknowable,
    "tologicalzone": _unknowable,
    "tologicalzones": _unknowable,
    "tophysicalzone": _unknowable,
    "tophysicalzones": _unknowable,
}
"""Functions by lower-case name."""
