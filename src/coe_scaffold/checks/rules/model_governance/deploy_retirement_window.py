"""Model deployment: the version does not retire within 60 days."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="deploy-retirement-window",
    title="Model deployment: the version does not retire within 60 days",
    severity=Severity.MEDIUM,
    category="model-governance",
    owner="mlops-engineer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    where=Where.RUNTIME,
    judged_at=(
        "The model list of the region, which gives retirement dates; they change, so the audit of a "
        "deployed environment reads them."
    ),
    rationale="A retired version stops answering on its date.",
    fix="Evaluate and deploy the next version before the date.",
    mcsb=("AI-1",),
    source=("MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",),
)
