"""Machine Learning cluster: it scales to zero and has a ceiling."""

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import All, AtMost, Demand, Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-cluster-scale-to-zero",
    title="Machine Learning cluster: it scales to zero and has a ceiling",
    severity=Severity.MEDIUM,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.properties.scaleSettings",
    operator=All((Demand("minNodeCount", Equals(0)), Demand("maxNodeCount", AtMost(Setting.MAX_NODES)))),
    when=(Demand("properties.computeType", Equals("AmlCompute")),),
    profiles=("ml",),
    rationale="Nodes that wait for work cost as much as nodes that do it.",
    fix="Set scaleSettings.minNodeCount to 0 and maxNodeCount to limits.nodes of coe.yaml or less.",
    alz=("Deny-MachineLearning-ComputeCluster-Scale",),
    source=("Azure/Azure-Landing-Zones-Library platform/alz",),
)
