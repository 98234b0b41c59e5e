"""AI account: outbound calls are limited to an allow list."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-restrict-outbound",
    title="AI account: outbound calls are limited to an allow list",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.restrictOutboundNetworkAccess",
    operator=Equals(value=True),
    profiles=("prod",),
    rationale="A model that fetches addresses can be talked into carrying data out to any of them.",
    fix="Set properties.restrictOutboundNetworkAccess to true and list needed names in allowedFqdnList.",
    alz=("Deny-CognitiveServices-RestrictOutboundNetworkAccess",),
    mcsb=("NS-2",),
    source=(
        "Azure/Azure-Landing-Zones-Library platform/alz",
        "azure-mgmt-cognitiveservices 14.1.0 models",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R9",
    ),
)
