"""Application Insights: only Entra ID may send."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="appi-local-auth-off",
    title="Application Insights: only Entra ID may send",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Insights/components",
    path="properties.DisableLocalAuth",
    operator=Equals(value=True),
    rationale="Traces hold prompts; an instrumentation key lets anybody flood or poison them.",
    fix="Set properties.DisableLocalAuth to true and give senders Monitoring Metrics Publisher.",
    azure_policy=("199d5677-e4d9-4264-9465-efe1839c06bd",),
    psrule=("Azure.AppInsights.LocalAuth",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
