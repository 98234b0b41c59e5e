"""Machine Learning compute: it is in a subnet or a managed network."""

from __future__ import annotations

from collections.abc import Iterator

from coe_scaffold.checks.judge import applies
from coe_scaffold.checks.operators import Demand, Judged, Link, NotIn, OneOf, Related, Subject, Verdict
from coe_scaffold.checks.rule import Rule, Severity
from coe_scaffold.model.finding import Outcome
from coe_scaffold.model.json import Unknown, Value

_MANAGED = Related(
    "Microsoft.MachineLearningServices/workspaces",
    Link.PARENT,
    (Demand("properties.managedNetwork.isolationMode", NotIn((None, "Disabled"))),),
)


def _in_a_network(subject: Subject, subnet: Value) -> Iterator[Verdict]:
    outcome = applies((Demand("", _MANAGED),), subject.body, subject)
    if outcome is not Outcome.PASS and subnet:
        outcome = Outcome.UNKNOWN if isinstance(subnet, Unknown) else Outcome.PASS
    yield Verdict(outcome, "properties.properties.subnet.id", subnet, "a subnet or a managed network")


RULE = Rule(
    id="aml-compute-vnet",
    title="Machine Learning compute: it is in a subnet or a managed network",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/computes",
    path="properties.properties.subnet.id",
    operator=Judged(_in_a_network, "the id of a subnet, or a workspace with a managed network"),
    when=(Demand("properties.computeType", OneOf(("AmlCompute", "ComputeInstance"))),),
    profiles=("ml",),
    rationale="Compute outside your networks reaches data only over public addresses.",
    fix="Set properties.properties.subnet.id, or give the workspace a managed network.",
    azure_policy=("7804b5c7-01dc-4723-969b-ae300cc07ff1",),
    alz=("Deny-MachineLearning-Compute-SubnetId",),
    psrule=("Azure.ML.ComputeVnet",),
    mcsb=("NS-2",),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/Azure-Landing-Zones-Library platform/alz",
    ),
)
