"""Machine Learning compute: local sign-in is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-compute-local-auth",
    title="Machine Learning compute: local sign-in is disabled",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.disableLocalAuth",
    operator=Equals(value=True),
    profiles=("ml",),
    rationale="A local user with an SSH key outlives every role that is taken away.",
    fix="Set properties.disableLocalAuth to true.",
    azure_policy=("e96a9a5f-07ca-471b-9bc5-6a0f33cbd68f", "a6f9a2d0-cff7-4855-83ad-4cd750666512"),
    alz=("Enforce-Guardrails-MachineLearning",),
    psrule=("Azure.ML.DisableLocalAuth",),
    mcsb=("IM-1",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
