"""AI account: audit logs go to Log Analytics."""

from coe_scaffold.checks.operators import diagnostics
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-diagnostics",
    title="AI account: audit logs go to Log Analytics",
    severity=Severity.HIGH,
    category="monitoring",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    operator=diagnostics("audit", "allLogs"),
    rationale="Who called which model when is the first question after an incident.",
    fix="Add a diagnostic setting that sends the logs to the Log Analytics workspace.",
    azure_policy=("1b4d1c4e-934c-4703-944c-27c82c06bebb", "55d1f543-d1b0-4811-9663-d6d0dbc6326d"),
    alz=("Enforce-Guardrails-OpenAI",),
    mcsb=("LT-3",),
    source=("Azure/azure-policy", "Azure/AI-Landing-Zones docs/architecture/design-checklist.md M-R4"),
)
