"""Machine Learning workspace: audit logs go to Log Analytics."""

from coe_scaffold.checks.operators import diagnostics
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-diagnostics",
    title="Machine Learning workspace: audit logs go to Log Analytics",
    severity=Severity.HIGH,
    category="monitoring",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    operator=diagnostics("audit", "allLogs"),
    rationale="Who trained and deployed what is the first question after an incident.",
    fix="Add a diagnostic setting that sends the logs to the Log Analytics workspace.",
    azure_policy=(
        "afe0c3be-ba3b-4544-ba52-0c99672a8ad6",
        "f59276f0-5740-4aaf-821d-45d185aa210e",
        "90c90eda-bfe7-4c67-bf26-410420ed1047",
    ),
    alz=("Enforce-Guardrails-MachineLearning",),
    mcsb=("LT-3",),
    source=("Azure/azure-policy",),
)
