"""Online endpoint: public network access is disabled."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-endpoint-private",
    title="Online endpoint: public network access is disabled",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
    path="properties.publicNetworkAccess",
    operator=Equals("Disabled"),
    profiles=("ml",),
    rationale=("A scoring endpoint takes customer data and must be reachable from the private network only."),
    fix=(
        "Set properties.publicNetworkAccess to Disabled and call it through the workspace's private endpoint."
    ),
    mcsb=("NS-2",),
    source=("azure-ai-ml restclient arm_ml_service models",),
)
