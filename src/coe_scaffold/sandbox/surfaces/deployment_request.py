"""What a call asks to deploy, and the refusals of a request that ARM does not begin with."""

from __future__ import annotations

from collections.abc import Mapping

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import ScopeKind
from coe_scaffold.sandbox import estate, links, refusals, regions, rollback
from coe_scaffold.sandbox.deployments import Request
from coe_scaffold.sandbox.refusals import ArmError
from coe_scaffold.sandbox.routing import Call

_LONGEST_NAME = 64
_NOT_MODELLED = ("extensionConfigs", "externalInputs")
_MODES = {"incremental": "Incremental", "complete": "Complete"}


def of(call: Call) -> Request:
    """Return the deployment that a PUT, validate or what-if asks for; raise ArmError when it is refused."""
    with call.world.store.transaction() as tx:
        estate.require_scope(tx, call.scope, writing=True)
    properties = call.content().get("properties")
    if not isinstance(properties, Mapping):
        raise refusals.bad_request("The request content was invalid: 'properties' is missing.")
    for name in _NOT_MODELLED:
        if properties.get(name):
            raise refusals.not_modelled(f"'{name}' of a deployment")
    location = _location(call)
    _check_name(call.params["name"])
    mode = _mode(call, properties)
    content = links.resolve(call.world.store, properties)
    with call.world.store.transaction() as tx:
        back = rollback.chosen(tx, call.scope, properties.get("onErrorDeployment"))
    return Request(
        name=call.params["name"],
        scope=call.scope.path,
        location=location,
        template=content.template,
        parameters=content.parameters,
        mode=mode,
        level=str(properties.get("validationLevel") or ""),
        tags=call.content().get("tags") or {},
        correlation=call.correlation,
        links=content.shown,
        on_error=back,
    )


def _location(call: Call) -> str:
    location, name = str(call.content().get("location") or ""), call.params["name"]
    if call.scope.kind is ScopeKind.RESOURCE_GROUP:
        if location:
            raise _invalid(
                f"The 'location' property is not allowed for '{name}' at resource group scope. Please see "
                "https://aka.ms/deploy-to-subscription for usage details."
            )
        return ""
    if not location:
        raise _invalid(
            f"The 'location' property must be specified for '{name}'. Please see "
            "https://aka.ms/deploy-to-subscription for usage details."
        )
    if not regions.usable(location):
        raise ArmError(
            400,
            "LocationNotAvailableForDeployment",
            f"The provided location '{location}' is not available for deployment. List of available regions "
            f"is '{','.join(regions.regions())}'.",
        )
    return location


def _check_name(name: str) -> None:
    if len(name) > _LONGEST_NAME:
        raise _invalid(
            f"The provided deployment name '{name}' has a length of '{len(name)}' which exceeds the maximum "
            f"length of '{_LONGEST_NAME}'. Please see https://aka.ms/arm-deploy for usage details."
        )


def _mode(call: Call, properties: Mapping[str, Json]) -> str:
    given = str(properties.get("mode") or "Incremental")
    mode = _MODES.get(given.lower())
    if mode is None:
        raise refusals.bad_request(
            "The request content was invalid and could not be deserialized: 'Error converting value "
            f"\"{given}\" to type 'DeploymentMode'. Path 'properties.mode'.'."
        )
    if mode == "Complete" and call.scope.kind is not ScopeKind.RESOURCE_GROUP:
        raise _invalid("Mode 'Complete' is for resource group deployments only.")
    return mode


def _invalid(message: str) -> ArmError:
    return ArmError(400, "InvalidDeployment", message)
