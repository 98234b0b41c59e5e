"""Log Analytics: logs are kept for at least 180 days."""

from coe_scaffold.checks.operators import AtLeast
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="law-retention",
    title="Log Analytics: logs are kept for at least 180 days",
    severity=Severity.MEDIUM,
    category="monitoring",
    owner="compliance-officer",
    resource_type="Microsoft.OperationalInsights/workspaces",
    path="properties.retentionInDays",
    operator=AtLeast(180),
    rationale=(
        "Incidents are often found months later, and high-risk AI systems must keep logs for six months."
    ),
    fix="Set properties.retentionInDays to 180 or more.",
    mcsb=("LT-6",),
    source=("EU AI Act Art. 19/26(6): logs kept at least six months (genalphai.com summary)",),
)
