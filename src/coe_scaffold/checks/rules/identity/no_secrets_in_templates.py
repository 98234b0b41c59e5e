"""Template: no secret in defaults, outputs or settings."""

from __future__ import annotations

from coe_scaffold.checks.operators import Judged
from coe_scaffold.checks.rule import Rule, Severity
from coe_scaffold.checks.secrets import secrets

RULE = Rule(
    id="no-secrets-in-templates",
    title="Template: no secret in defaults, outputs or settings",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="template",
    operator=Judged(secrets, "no secret in the template"),
    rationale=(
        "Deployment history keeps parameters and outputs in clear text for every reader of the "
        "resource group."
    ),
    fix=(
        "Drop the default, return a resource id instead of a key, declare a module's parameter @secure(), "
        "and let the application use its identity."
    ),
    checkov=("CKV_AZURE_131",),
    psrule=(
        "Azure.Deployment.OutputSecretValue",
        "Azure.Deployment.SecureParameter",
        "Azure.Deployment.SecretLeak",
    ),
    mcsb=("IM-8",),
    source=("Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",),
)
