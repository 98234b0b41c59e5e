"""The built-in content filter initiative is assigned."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="rai-guardrail-initiative-assigned",
    title="The built-in content filter initiative is assigned",
    severity=Severity.HIGH,
    category="responsible-ai",
    owner="ai-ethics-officer",
    resource_type="Microsoft.Authorization/policyAssignments",
    where=Where.POLICY,
    judged_at=(
        "Policy assignments of the management group: the initiative audits the effective filter of "
        "every deployment."
    ),
    rationale=(
        "Templates are checked before they are deployed; the initiative watches what is changed by "
        "hand later."
    ),
    fix="Assign initiative 5207647b-3e83-4e28-b836-c382cb5e2a2e at the management group.",
    azure_policy=("5207647b-3e83-4e28-b836-c382cb5e2a2e",),
    mcsb=("AI-2",),
    source=("Azure/azure-policy policySetDefinitions/Cognitive Services/AllowDeploymentControl_Audit.json",),
)
