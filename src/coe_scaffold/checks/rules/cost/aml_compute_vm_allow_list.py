"""Machine Learning compute: the VM size is on the approved list."""

from coe_scaffold.checks.context import Setting
from coe_scaffold.checks.operators import Demand, OneOf
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-compute-vm-allow-list",
    title="Machine Learning compute: the VM size is on the approved list",
    severity=Severity.HIGH,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.properties.vmSize",
    operator=OneOf(Setting.ALLOWED_VM_SIZES),
    when=(Demand("properties.computeType", OneOf(("AmlCompute", "ComputeInstance"))),),
    profiles=("ml",),
    rationale="The largest GPU sizes cost more in a day than a small project in a month.",
    fix="Choose a size of limits.vmSizes in coe.yaml, or have the AI CoE Lead grant an exception.",
    alz=("Deny-MachineLearning-Compute-VmSize",),
    source=("Azure/Azure-Landing-Zones-Library platform/alz",),
)
