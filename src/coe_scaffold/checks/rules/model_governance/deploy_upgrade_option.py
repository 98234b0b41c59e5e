"""Model deployment: it is not upgraded on its own while its version lives."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="deploy-upgrade-option",
    title="Model deployment: it is not upgraded on its own while its version lives",
    severity=Severity.HIGH,
    category="model-governance",
    owner="mlops-engineer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="properties.versionUpgradeOption",
    operator=OneOf(("NoAutoUpgrade", "OnceCurrentVersionExpired")),
    profiles=("prod",),
    rationale="A model that is exchanged overnight has passed no evaluation.",
    fix="Set properties.versionUpgradeOption to NoAutoUpgrade or OnceCurrentVersionExpired.",
    mcsb=("AI-1",),
    source=("azure-mgmt-cognitiveservices 14.1.0 models DeploymentModelVersionUpgradeOption",),
)
