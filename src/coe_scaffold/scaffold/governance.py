"""Parameters of ``governance/``: what all environments share in the organisation's management group."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.catalog import matrix
from coe_scaffold.model.json import Json
from coe_scaffold.model.scope import Scope, ScopeKind
from coe_scaffold.model.settings import GuardrailException, Settings
from coe_scaffold.scaffold.federation import trusted_sources
from coe_scaffold.scaffold.parameters import Parameter, print_parameters

POLICIES = (
    "deploy-sku-residency",
    "deploy-capacity-ceiling",
    "deploy-upgrade-option",
    "deploy-rai-policy-bound",
    "deploy-approved-models",
)
"""Guardrails that the template ``model-policies`` enforces; only these can be exempted from it."""


def governance_parameters(settings: Settings) -> str:
    """Return the text of ``governance/organisation.bicepparam``."""
    group = settings.organisation.management_group
    return print_parameters(
        "main.bicep",
        (
            Parameter("location", settings.locations.default),
            Parameter(
                "subscriptions",
                governed_subscriptions(settings),
                f"Moved into the management group {group}.",
            ),
            Parameter("customRoles", _roles(), "The access engine defines the same ones, GUIDs included."),
            Parameter("models", model_rules(settings), "effect: Audit reports what Deny refuses."),
            Parameter("allowedLocations", list(settings.locations.allowed)),
            Parameter("regulatory", value=False, comment="Strict platforms do this in their subscription."),
            Parameter(
                "initiatives",
                initiatives(settings),
                "Audit reports, Deny refuses; 'coe explain initiatives' says what else there is.",
            ),
            Parameter("exemptions", exemptions(settings), "Exceptions of coe.yaml that concern policies."),
        ),
        header=f"Governance of {group}. First written by 'coe new landing-zone'; yours from then on.",
    )


def _roles() -> Json:
    return [
        {
            "name": row.name,
            "description": row.description,
            "actions": list(row.permission.actions),
            "notActions": list(row.permission.not_actions),
            "dataActions": list(row.permission.data_actions),
            "notDataActions": list(row.permission.not_data_actions),
        }
        for row in matrix().custom_roles
    ]


def governed_subscriptions(settings: Settings) -> list[Json]:
    """Return the subscriptions of the environments, sorted."""
    return [*sorted({environment.subscription for environment in settings.environments.values()})]


def model_rules(settings: Settings) -> dict[str, Json]:
    """Return what policies hold deployments of models to."""
    return {
        "effect": "Deny",
        "deploymentTypes": list(settings.deployment_types),
        "capacityCeiling": max(
            [settings.limits.capacity, *(model.capacity or 0 for model in settings.models)]
        ),
        "models": [f"{model.name}:{model.version}" for model in settings.models],
        "upgradeOptions": ["NoAutoUpgrade", "OnceCurrentVersionExpired"],
        "refusedFilters": ["Microsoft.Default", "Microsoft.DefaultV2"],
    }


def initiatives(settings: Settings) -> dict[str, Json]:
    """Return the built-in initiatives that the management group is audited against.

    Federated credentials of others are always told, where data is once an environment is strict. That data
    has keys of one's own is a choice that no profile makes.
    """
    strict = any(environment.profile == "strict" for environment in settings.environments.values())
    owners, issuers = trusted_sources(settings)
    return {
        "residency": "Audit" if strict else None,
        "federation": {"effect": "Audit", "gitHubOwners": owners, "issuers": issuers},
    }


def exemptions(settings: Settings) -> list[Json]:
    """Return what exceptions exempt from: never more than their own scope.

    An exception for one resource gets no exemption, because a deployment here reaches resource groups only.
    """
    return [*_exemptions(settings)]


def _exemptions(settings: Settings) -> Iterator[Json]:
    for exception in settings.exceptions:
        scope = _scope(settings, exception)
        whole = scope is not None and scope.kind in (ScopeKind.SUBSCRIPTION, ScopeKind.RESOURCE_GROUP)
        if scope is not None and whole and exception.guardrail in POLICIES:
            group = {"resourceGroup": scope.resource_group} if scope.resource_group else {}
            yield {
                "guardrail": exception.guardrail,
                "subscription": scope.subscription,
                **group,
                "reason": exception.reason,
                "approver": exception.approver,
                "expires": exception.expires,
            }


def _scope(settings: Settings, exception: GuardrailException) -> Scope | None:
    if exception.scope in settings.environments:
        return settings.environments[exception.scope].scope
    return Scope.parse(exception.scope) if exception.scope.startswith("/") else None
