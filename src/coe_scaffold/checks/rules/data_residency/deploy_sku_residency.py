"""Model deployment: prompts stay in the region or the data zone."""

from coe_scaffold.checks.context import RESIDENT_TYPES, Setting
from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="deploy-sku-residency",
    title="Model deployment: prompts stay in the region or the data zone",
    severity=Severity.HIGH,
    category="data-residency",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts/deployments",
    path="sku.name",
    operator=OneOf(Setting.DEPLOYMENT_TYPES, unsaid=RESIDENT_TYPES),
    rationale=(
        "A global deployment may process a prompt in any country. What coe.yaml lists holds everywhere; "
        "a global type in that list still fails where a project has a high risk tier or restricted data. "
        "Without coe.yaml nobody said whether the work is such, and a global type is unknown."
    ),
    fix="Set sku.name to a type listed under models.deploymentTypes in coe.yaml, and to no global one there.",
    mcsb=("DP-2",),
    source=(
        "learn: azure/ai-services/openai/how-to/deployment-types",
        "techcommunity tag/policy: custom policy report",
        "zenn.dev/microsoft/articles/20241210-aoaideploytyperegulate",
    ),
)
