"""What the sandbox answers when it refuses: Azure Resource Manager's own codes, statuses and texts.

Texts and statuses follow recorded answers of the real service. ``gateway`` errors are ARM's own and carry
``x-ms-failure-cause: gateway``; the others come from a resource provider and do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope


class ArmError(Exception):
    """An error answer. ``details`` (nested errors) and ``information`` have ARM's shape."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        details: Sequence[Json] = (),
        information: Sequence[Json] = (),
        target: str = "",
        gateway: bool = True,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.information = tuple(information)
        self.target = target
        self.gateway = gateway
        self.headers = dict(headers or {})

    def error(self) -> Json:
        """Return the error object, as it stands inside ``{"error": ...}``."""
        body: dict[str, Json] = {"code": self.code, "message": self.message}
        if self.target:
            body["target"] = self.target
        if self.details:
            body["details"] = list(self.details)
        if self.information:
            body["additionalInfo"] = list(self.information)
        return body


def not_modelled(what: str) -> ArmError:
    """Return the refusal of something Azure has and the sandbox does not."""
    return ArmError(
        501,
        "SandboxNotModelled",
        f"The sandbox does not model {what}. Nothing was changed. Use a real subscription for this.",
    )


def group_not_found(name: str) -> ArmError:
    """Return ARM's answer for a resource group that is not there."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{name}' could not be found.")


def subscription_not_found(subscription: str) -> ArmError:
    """Return ARM's answer for a subscription that is not in the tenant."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def resource_not_found(resource: Scope) -> ArmError:
    """Return ARM's answer for a resource that is not there."""
    name = resource.path.rsplit("/providers/", 1)[-1].split("/")
    short = "/".join([name[0], *name[1::2], *name[2::2]])
    where = f" under resource group '{resource.resource_group}'" if resource.resource_group else ""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{short}'{where} was not found. For more details please go to "
        "https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_not_found(parent: Scope) -> ArmError:
    """Return ARM's answer for a child of a resource that is not there."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Failed to perform 'write' on resource(s) of type '{parent.resource_type}', because the parent "
        f"resource '{parent.path}' could not be found.",
    )


def deployment_not_found(name: str) -> ArmError:
    """Return ARM's answer for a deployment that is not there."""
    return ArmError(404, "DeploymentNotFound", f"Deployment '{name}' could not be found.")


def locked(scope: Scope, operation: str, locks: Sequence[str]) -> ArmError:
    """Return ARM's answer for an operation (``delete`` or ``write``) that a lock forbids."""
    return ArmError(
        409,
        "ScopeLocked",
        f"The scope '{scope.path}' cannot perform {operation} operation because following scope(s) are "
        f"locked: '{','.join(locks)}'. Please remove the lock and try again.",
    )


def group_being_deleted(name: str) -> ArmError:
    """Return ARM's answer for a write into a resource group that is being deleted."""
    return ArmError(
        409,
        "ResourceGroupBeingDeleted",
        f"The resource group '{name}' is in deprovisioning state and cannot perform this operation.",
    )


def bad_request(message: str, code: str = "InvalidRequestContent") -> ArmError:
    """Return a refusal of a request's content."""
    return ArmError(400, code, message)
