"""AI account: a private endpoint leads to it."""

from coe_scaffold.checks.operators import private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-private-endpoint",
    title="AI account: a private endpoint leads to it",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    operator=private_endpoint("account"),
    rationale="With the public network closed a private endpoint is the only way in for applications.",
    fix="Add a private endpoint with groupIds [account] that points at this resource.",
    azure_policy=("d6759c02-b87f-42b7-892e-71b3f471d782", "db630ad5-52e9-4f4d-9c44-53912fe40053"),
    alz=("Enforce-Guardrails-OpenAI",),
    psrule=("Azure.AI.PrivateEndpoints",),
    mcsb=("NS-2",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R3",
    ),
)
