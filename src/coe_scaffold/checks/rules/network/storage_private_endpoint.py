"""Storage: private endpoints lead to it, for blobs and for the data lake."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, Equals, private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

_DATA_LAKE = (Demand("properties.isHnsEnabled", Equals(value=True)),)


RULE = Rule(
    id="storage-private-endpoint",
    title="Storage: private endpoints lead to it, for blobs and for the data lake",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.Storage/storageAccounts",
    operator=All(
        (Demand("", private_endpoint("blob")), Demand("", private_endpoint("dfs"), when=_DATA_LAKE))
    ),
    rationale=(
        "With the public network closed a private endpoint is the only way to the data; a data lake "
        "answers on a name of its own."
    ),
    fix="Add a private endpoint with groupIds [blob], and one with [dfs] where isHnsEnabled is true.",
    azure_policy=("6edd7eda-6dd8-40f7-810d-67160c639cd9", "9f766f00-8d11-464e-80e1-4091d7874074"),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
