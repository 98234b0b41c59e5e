"""Machine Learning workspace: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-public-access-disabled",
    title="Machine Learning workspace: public network access is disabled",
    severity=Severity.CRITICAL,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    rationale="A workspace holds training data, models and compute; none of them belongs on the internet.",
    fix="Set properties.publicNetworkAccess to Disabled and add a private endpoint (amlworkspace).",
    azure_policy=("438c38d2-3772-465a-a9cc-7a6666a275ce", "a10ee784-7409-4941-b091-663697637c0f"),
    alz=("Enforce-Guardrails-MachineLearning",),
    checkov=("CKV2_AZURE_49",),
    psrule=("Azure.ML.PublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
