"""Machine Learning deployments use models of approved registries."""

from coe_scaffold.checks.rule import Rule, Severity, Where

RULE = Rule(
    id="aml-approved-registry-models",
    title="Machine Learning deployments use models of approved registries",
    severity=Severity.HIGH,
    category="model-governance",
    owner="ai-ethics-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments",
    profiles=("ml",),
    where=Where.POLICY,
    judged_at=(
        "Data-plane policies of Machine Learning, which see the registry and the publisher of the model."
    ),
    rationale="A model of unknown origin may carry code, and terms nobody read.",
    fix="Assign the built-in policies with your list of registries and publishers.",
    azure_policy=("12e5dd16-d201-47ff-849b-8454061c293d", "19539b54-c61e-4196-9a38-67598701be90"),
    alz=("Enforce-Guardrails-MachineLearning",),
    mcsb=("AI-1",),
    source=("Azure/azure-policy", "MCSB v2 initiative e3ec7e09-768c-4b64-882c-fcada3772047"),
)
