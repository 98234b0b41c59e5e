"""Machine Learning cluster: the remote login port is closed."""

from coe_scaffold.checks.operators import Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-cluster-no-public-ssh",
    title="Machine Learning cluster: the remote login port is closed",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.properties.remoteLoginPortPublicAccess",
    operator=Equals("Disabled"),
    when=(Demand("properties.computeType", Equals("AmlCompute")),),
    profiles=("ml",),
    rationale="An SSH port on the internet is found and tried within minutes.",
    fix="Set properties.properties.remoteLoginPortPublicAccess to Disabled.",
    alz=("Deny-MachineLearning-ComputeCluster-RemoteLoginPortPublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/Azure-Landing-Zones-Library platform/alz",),
)
