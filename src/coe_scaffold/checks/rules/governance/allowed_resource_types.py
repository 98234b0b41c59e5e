"""Only approved resource types in AI subscriptions."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="allowed-resource-types",
    title="Only approved resource types in AI subscriptions",
    severity=Severity.MEDIUM,
    category="governance",
    owner="ai-coe-lead",
    resource_type="*",
    profiles=("prod",),
    where=Where.POLICY,
    judged_at=(
        "The built-in policy Allowed resource types at the subscription; a landing zone already "
        "contains only types its templates name."
    ),
    rationale="A service nobody reviewed has no guardrail, no owner and no budget.",
    fix="Assign the policy with the list of types.",
    azure_policy=("a08ec900-254a-4555-9bf5-e42af04b5c5c", "6c112d4e-5bc7-47ae-a041-ea2d9dccd749"),
    mcsb=("AM-2",),
    source=("Azure/azure-policy",),
)
