"""AI Search: logs go to Log Analytics."""

from coe_scaffold.checks.operators import diagnostics
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="search-diagnostics",
    title="AI Search: logs go to Log Analytics",
    severity=Severity.HIGH,
    category="monitoring",
    owner="compliance-officer",
    resource_type="Microsoft.Search/searchServices",
    operator=diagnostics(),
    rationale="Who queried which index is the first question after a leak.",
    fix="Add a diagnostic setting that sends the logs to the Log Analytics workspace.",
    azure_policy=("b4330a05-a843-4bc8-bf9a-cacce50c67f4", "8def4bdd-4362-4ed6-a26f-7bf8f2c58839"),
    alz=("Enforce-Guardrails-CognitiveServices",),
    mcsb=("LT-3",),
    source=("Azure/azure-policy",),
)
