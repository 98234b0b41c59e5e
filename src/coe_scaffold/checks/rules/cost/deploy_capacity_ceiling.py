"""Model deployment: the capacity is under the ceiling."""

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import AtMost
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="deploy-capacity-ceiling",
    title="Model deployment: the capacity is under the ceiling",
    severity=Severity.MEDIUM,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="sku.capacity",
    operator=AtMost(Setting.MAX_CAPACITY),
    rationale="Capacity is quota and money that other projects then lack.",
    fix="Lower sku.capacity, or have the AI CoE Lead grant an exception.",
    source=(
        (
            "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md (Set "
            "provisioning limits)"
        ),
    ),
)
