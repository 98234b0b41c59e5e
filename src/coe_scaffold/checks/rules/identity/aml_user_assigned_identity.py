"""Machine Learning workspace: it uses a user-assigned identity."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-user-assigned-identity",
    title="Machine Learning workspace: it uses a user-assigned identity",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    path="properties.primaryUserAssignedIdentity",
    operator=Exists(),
    rationale=(
        "A user-assigned identity gets its roles before the workspace exists and keeps them when it "
        "is made anew."
    ),
    fix="Set properties.primaryUserAssignedIdentity to the id of the identity.",
    azure_policy=("5f0c7d88-c7de-45b8-ac49-db49e72eaa78",),
    alz=("Enforce-Guardrails-MachineLearning",),
    psrule=("Azure.ML.UserManagedIdentity",),
    mcsb=("IM-3",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
