"""The fault ``refuse:TYPE=CODE``: writing a resource of a type is refused with one of ARM's errors.

Statuses and codes follow what users report of the real service (quota: Azure-Samples/nlp-sql-in-a-box issue
11, microsoft/PubSec-Info-Assistant issue 880, Azure/azure-powershell issue 1925, nforgeio/neonKUBE 1671).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from coe_scaffold.sandbox.refusals import ArmError

if TYPE_CHECKING:
    from coe_scaffold.model.resources import Resource
    from coe_scaffold.sandbox.world import World


def check(world: World, resource: Resource) -> None:
    """Raise ArmError when the faults say that resources of this type are refused."""
    code = world.faults.plan.refuse.get(resource.type.lower())
    if code:
        raise ANSWERS[code](resource)


def _policy(resource: Resource) -> ArmError:
    return ArmError(
        403,
        "RequestDisallowedByPolicy",
        f"Resource '{resource.id.name}' was disallowed by policy. Reasons: 'a fault of the sandbox'.",
        target=resource.id.name,
    )


def _insufficient(resource: Resource) -> ArmError:
    return ArmError(
        400,
        "InsufficientQuota",
        "The specified capacity '10' of account deployment is bigger than available capacity '0' for "
        f"UsageName 'Tokens Per Minute (thousands) - {resource.id.name}'.",
        gateway=False,
    )


def _exceeded(resource: Resource) -> ArmError:
    return ArmError(
        409,
        "QuotaExceeded",
        "Operation results in exceeding quota limits of Core. Maximum allowed: 10, Current in use: 10, "
        "Additional requested: 4.",
        gateway=False,
    )


def _not_allowed(resource: Resource) -> ArmError:
    return ArmError(
        409,
        "OperationNotAllowed",
        "Operation could not be completed as it results in exceeding approved Total Regional Cores quota. "
        "Current Limit: 10, Current Usage: 8, Additional Required: 4, (Minimum) New Limit Required: 12.",
        gateway=False,
    )


def _unregistered(resource: Resource) -> ArmError:
    from coe_scaffold.sandbox.registration import missing

    return missing(resource.type.partition("/")[0], "NotRegistered")


ANSWERS: Mapping[str, Callable[[Resource], ArmError]] = {
    "RequestDisallowedByPolicy": _policy,
    "InsufficientQuota": _insufficient,
    "QuotaExceeded": _exceeded,
    "OperationNotAllowed": _not_allowed,
    "MissingSubscriptionRegistration": _unregistered,
}
"""What ``CODE`` can be."""
