"""Machine Learning workspace: a private endpoint leads to it."""

from coe_scaffold.checks.operators import private_endpoint
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-private-endpoint",
    title="Machine Learning workspace: a private endpoint leads to it",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    operator=private_endpoint("amlworkspace"),
    rationale=(
        "With the public network closed a private endpoint is the only way in for people and pipelines."
    ),
    fix="Add a private endpoint with groupIds [amlworkspace] that points at this resource.",
    azure_policy=("45e05259-1eb5-4f70-9574-baf73e9d219b", "7838fd83-5cbb-4b5d-888c-bfa240972597"),
    alz=("Enforce-Guardrails-MachineLearning",),
    checkov=("CKV_AZURE_243",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy",),
)
