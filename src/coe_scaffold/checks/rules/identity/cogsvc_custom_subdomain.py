"""AI account: it has a custom subdomain."""

from coe_scaffold.checks.operators import Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-custom-subdomain",
    title="AI account: it has a custom subdomain",
    severity=Severity.HIGH,
    category="identity",
    owner="ai-engineer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.customSubDomainName",
    operator=Exists(),
    rationale=(
        "Entra ID sign-in and private endpoints need a name of the account's own; it cannot be added later."
    ),
    fix="Set properties.customSubDomainName.",
    mcsb=("IM-1",),
    source=(
        "azure-mgmt-cognitiveservices 14.1.0 models",
        "github/awesome-copilot skills/azure-architecture-autopilot/references/ai-data.md",
    ),
)
