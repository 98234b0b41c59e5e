"""The regulatory initiatives are assigned."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="regulatory-initiatives-assigned",
    title="The regulatory initiatives are assigned",
    severity=Severity.MEDIUM,
    category="governance",
    owner="compliance-officer",
    resource_type="Microsoft.Authorization/policyAssignments",
    profiles=("prod",),
    where=Where.POLICY,
    judged_at=(
        "Policy assignments of the management group: cloud security benchmark v2, EU AI Act and NIST AI RMF."
    ),
    rationale="Auditors ask for the state of every resource, not of the templates.",
    fix="Assign the three initiatives at the management group.",
    azure_policy=(
        "e3ec7e09-768c-4b64-882c-fcada3772047",
        "1308bccf-446a-4283-a4e0-0c983fe7a572",
        "f58a876c-ec25-417e-9634-58d2a93e3fe2",
    ),
    mcsb=("GS-3",),
    source=("Azure/azure-policy policySetDefinitions",),
)
