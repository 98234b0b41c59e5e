"""Machine Learning workspace: system datastores sign in with an identity."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="aml-datastores-identity-auth",
    title="Machine Learning workspace: system datastores sign in with an identity",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.MachineLearningServices/workspaces",
    path="properties.systemDatastoresAuthMode",
    operator=Equals("identity"),
    rationale=("Datastores with account keys hand the whole storage account to every user of the workspace."),
    fix="Set properties.systemDatastoresAuthMode to identity.",
    mcsb=("IM-8",),
    source=("azure-ai-ml restclient arm_ml_service models (systemDatastoresAuthMode)",),
)
