"""Why some recorded answers are not given: what the sandbox follows instead, or what a recording leaves out.

The reasons are printed beside the differences. A difference without one is a finding, not a failure of the
test, since other recordings than those they were written for may be judged.
"""

from __future__ import annotations

import re

REASONS: tuple[tuple[str, str], ...] = (
    (
        r"stacks\..*with \.properties\.parameters\.\*\.type$",
        "answers of April 2023 lack the type, those of June 2023 in the same api-version have it",
    ),
    (
        r"stacks\..*resourcesWithoutDeleteSupport",
        "answers of 2026 show defaults that earlier ones of the same api-version lack",
    ),
    (
        r"on_error_deployment.*(SandboxNotModelled|DeploymentNotFound)",
        "two deployments of the conversation were given one name when it was recorded",
    ),
    (
        r"test_delete_deployment_script.*FailedIdentityOperation",
        "the identity the template names was made outside of the conversation",
    ),
    (
        r"acr_rbac.*roleAssignments\.resource\.delete",
        "the assignments were made under masked names and are deleted by their real ones",
    ),
    (
        r"policyDefinitions\.sub.*with \.properties\.metadata",
        "answers of 2018 lack the metadata that the service adds since",
    ),
    (
        r"tenant_level_deployment.*SubscriptionNotFound",
        "the template names a subscription that no other part of the conversation shows",
    ),
    (r"without \.properties\.diagnostics", "warnings about templates, which the service gives since 2025"),
    (
        r"providers\.\w+: without \.authorization,.*with \.authorizations$",
        "more than one application acts for the provider since it was recorded",
    ),
    (
        r"providers\.get: without \.authorizations\[\]\.managedBy",
        "who acts for a provider is known of recorded ones only, and made up for the others",
    ),
    (r"status \d+ instead of 500 ", "the service failed when it was recorded"),
    (
        r"test_delete_dependent_resources.*code  instead of DeploymentFailed",
        "a provider refused a member that its api-version does not have; the sandbox takes any member",
    ),
    (r"test_invoke_action.*with \.properties\.duration$", "every other recorded answer has the duration"),
    (
        r"operationresults: location unexpected",
        "17 of the 77 recorded polls lack the address that the others repeat",
    ),
    (
        r"deployments\.\w+\.get: without \.properties\.error",
        "two of the 19 recorded answers on cancelled deployments tell an error",
    ),
    (
        r"PolicyDefinitionIsInUse",
        "the deletion of the definition's assignment is not in the recording",
    ),
    (r"test_subscription_locks.*without \.properties\.notes", "the lock was made under another, masked name"),
)
"""Pattern of a reported line, and the reason of the difference."""


def reason(line: str) -> str:
    """Return why a reported difference is there, or an empty string when that is not known."""
    return next((why for pattern, why in REASONS if re.search(pattern, line)), "")
