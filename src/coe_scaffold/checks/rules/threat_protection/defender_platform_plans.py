"""Defender plan of the platform: it is on."""

from __future__ import annotations

from coe_scaffold.checks.operators import Demand, Equals, OneOf
from coe_scaffold.checks.rule import Rule, Severity

_PLANS = ("StorageAccounts", "KeyVaults", "Containers", "Arm", "CosmosDbs", "CloudPosture")


RULE = Rule(
    id="defender-platform-plans",
    title="Defender plan of the platform: it is on",
    severity=Severity.MEDIUM,
    category="threat-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Security/pricings",
    path="properties.pricingTier",
    operator=Equals("Standard"),
    when=(Demand("name", OneOf(_PLANS)),),
    profiles=("prod",),
    rationale="An AI workload is attacked through the services around it.",
    fix="Set properties.pricingTier of the plan to Standard.",
    azure_policy=(
        "640d2586-54d2-465f-877f-9ffc1d2109f4",
        "0e6763cc-5078-4e64-889d-ff4d9a839047",
        "1c988dd6-ade4-430f-a608-2a3e5b0a6d38",
        "c3d20c29-b36d-48fe-808b-99a87530ad99",
        "adbe85b5-83e6-4350-ab58-bf3a4f736e5e",
        "1f90fc71-a595-4066-8974-d4d0802e8ef0",
    ),
    alz=("Deploy-MDFC-Config_20240319",),
    checkov=("CKV_AZURE_84", "CKV_AZURE_87"),
    psrule=(
        "Azure.Defender.Storage",
        "Azure.Defender.KeyVault",
        "Azure.Defender.Containers",
        "Azure.Defender.Arm",
        "Azure.Defender.CosmosDb",
        "Azure.Defender.Cspm",
    ),
    mcsb=("DP-2", "DP-8", "IR-3", "IR-5", "LT-1", "LT-2"),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
