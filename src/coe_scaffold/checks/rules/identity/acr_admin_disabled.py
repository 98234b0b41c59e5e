"""Container registry: the admin user is disabled."""

from coe_scaffold.checks.operators import Default, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="acr-admin-disabled",
    title="Container registry: the admin user is disabled",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.ContainerRegistry/registries",
    path="properties.adminUserEnabled",
    operator=Equals(value=False),
    default=Default(value=False),
    rationale="The admin user is one shared password that may push any image.",
    fix="Set properties.adminUserEnabled to false and give identities AcrPull or AcrPush.",
    azure_policy=("dc921057-6b28-4fbe-9b83-f7bec05db6c2", "79fdfe03-ffcb-4e55-b4d0-b925b8241759"),
    alz=("Enforce-Guardrails-ContainerRegistry",),
    checkov=("CKV_AZURE_137",),
    psrule=("Azure.ACR.AdminUser",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
