"""Security contact: somebody receives the alerts."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="security-contact",
    title="Security contact: somebody receives the alerts",
    severity=Severity.MEDIUM,
    category="threat-protection",
    owner="compliance-officer",
    resource_type="Microsoft.Security/securityContacts",
    path="properties.emails",
    operator=Exists(),
    rationale="An alert that nobody receives is no alert.",
    fix="Set properties.emails to the mailbox of the security team.",
    azure_policy=("4f4f78b8-e367-4b10-a341-d9a4ad5cf1c7", "6e2593d9-add6-4083-9c9b-4b7d2188c899"),
    checkov=("CKV_AZURE_20", "CKV_AZURE_21", "CKV_AZURE_22"),
    psrule=("Azure.Defender.SecurityContact",),
    mcsb=("IR-2",),
    source=("Azure/azure-policy", "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md"),
)
