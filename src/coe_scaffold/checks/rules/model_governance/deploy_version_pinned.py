"""Model deployment: the version is pinned."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="deploy-version-pinned",
    title="Model deployment: the version is pinned",
    severity=Severity.HIGH,
    category="model-governance",
    owner="mlops-engineer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="properties.model.version",
    operator=Exists(),
    rationale="Without a version the service chooses, and answers change without a release.",
    fix="Set properties.model.version to the version that was evaluated.",
    mcsb=("AI-1",),
    source=(
        "azure-mgmt-cognitiveservices 14.1.0 models",
        (
            "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md "
            "(Review and manage AI models)"
        ),
    ),
)
