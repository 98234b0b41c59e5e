"""Container Apps environment: internal only."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cae-internal",
    title="Container Apps environment: internal only",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.App/managedEnvironments",
    path="properties.vnetConfiguration.internal",
    operator=Equals(value=True),
    profiles=("app",),
    rationale="An internal environment gives applications no address on the internet.",
    fix="Set properties.vnetConfiguration.internal to true and publish through a gateway.",
    azure_policy=("d074ddf8-01a5-4b5e-a2b8-964aed452c0a", "8b346db6-85af-419b-8557-92cee2c0f9bb"),
    alz=("Enforce-Guardrails-ContainerApps",),
    psrule=("Azure.ContainerApp.PublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
