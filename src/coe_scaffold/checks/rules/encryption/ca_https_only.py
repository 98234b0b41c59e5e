"""Container App: no insecure ingress."""

from coe_scaffold.checks.operators import NotIn
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="ca-https-only",
    title="Container App: no insecure ingress",
    severity=Severity.HIGH,
    category="encryption",
    owner="compliance-officer",
    resource_type="Microsoft.App/containerApps",
    path="properties.configuration.ingress.allowInsecure",
    operator=NotIn((True,)),
    profiles=("app",),
    rationale="Plain HTTP shows prompts and tokens to everybody on the way.",
    fix="Set properties.configuration.ingress.allowInsecure to false.",
    azure_policy=("0e80e269-43a4-4ae9-b5bc-178126b8a5cb",),
    alz=("Enforce-Guardrails-ContainerApps",),
    psrule=("Azure.ContainerApp.Insecure",),
    mcsb=("DP-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
