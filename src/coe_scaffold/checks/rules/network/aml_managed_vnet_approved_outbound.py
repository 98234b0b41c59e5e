"""Machine Learning workspace: the managed network allows approved outbound only."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-managed-vnet-approved-outbound",
    title="Machine Learning workspace: the managed network allows approved outbound only",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    path="properties.managedNetwork.isolationMode",
    operator=Equals("AllowOnlyApprovedOutbound"),
    rationale=(
        "Training code from the internet runs next to your data; outbound rules decide where it can send it."
    ),
    fix="Set properties.managedNetwork.isolationMode to AllowOnlyApprovedOutbound.",
    azure_policy=("6ddb1705-c8cf-450e-aa4b-19ad6703c440",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/AI-Landing-Zones docs/architecture/design-checklist.md N-R9"),
)
