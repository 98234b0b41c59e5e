"""Defender for AI services: the plan is on."""

from coe_scaffold.checks.operators import Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="defender-ai-plan",
    title="Defender for AI services: the plan is on",
    severity=Severity.HIGH,
    category="threat-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Security/pricings",
    path="properties.pricingTier",
    operator=Equals("Standard"),
    when=(Demand("name", Equals("AI")),),
    rationale="The free tier gives no alerts on attacks against models.",
    fix="Set properties.pricingTier of the plan AI to Standard.",
    azure_policy=(
        "c2c0c6d8-007b-4a48-8d9b-3539bddd8e87",
        "359a48a3-351a-4618-bb32-f1628645694b",
        "7e92882a-2f8a-4991-9bc4-d3147d40abb0",
    ),
    checkov=("CKV_AZURE_19",),
    mcsb=("AI-6",),
    source=("Azure/azure-policy", "Azure/AI-Landing-Zones docs/architecture/design-checklist.md S-R1"),
)
