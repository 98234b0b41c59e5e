"""Online endpoint: callers sign in with Entra ID."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-endpoint-aad-auth",
    title="Online endpoint: callers sign in with Entra ID",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/onlineEndpoints",
    path="properties.authMode",
    operator=Equals("AADToken"),
    profiles=("ml",),
    rationale="An endpoint key belongs to nobody and cannot be limited to a caller.",
    fix="Set properties.authMode to AADToken.",
    mcsb=("IM-1",),
    source=("azure-ai-ml restclient arm_ml_service models EndpointAuthMode (AMLToken, Key, AADToken)",),
)
