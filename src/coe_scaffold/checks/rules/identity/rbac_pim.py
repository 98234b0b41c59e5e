"""Privileged roles in production are eligible, not permanent."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="rbac-pim",
    title="Privileged roles in production are eligible, not permanent",
    severity=Severity.MEDIUM,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Authorization/roleEligibilityScheduleRequests",
    profiles=("prod",),
    where=Where.RUNTIME,
    judged_at=(
        "The access plan, because people get roles from coe.yaml and not from a template: coe access plan "
        "makes privileged roles in production eligible, and coe access audit reports permanent ones."
    ),
    rationale="A role that must be activated is held for hours instead of years, with a reason on record.",
    fix="Make the assignment eligible; where PIM is not licensed make it time-bound.",
    psrule=("Azure.RBAC.PIM",),
    mcsb=("PA-2",),
    source=(
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md I-R2",
    ),
)
