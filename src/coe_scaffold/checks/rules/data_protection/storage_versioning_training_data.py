"""Storage of training or grounding data: versioning is on."""

from coe_scaffold.checks.operators import Equals
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="storage-versioning-training-data",
    title="Storage of training or grounding data: versioning is on",
    severity=Severity.MEDIUM,
    category="data-protection",
    owner="data-engineer",
    resource_type="Microsoft.Storage/storageAccounts/blobServices",
    path="properties.isVersioningEnabled",
    operator=Equals(value=True),
    profiles=("rag", "ml", "finetune"),
    rationale="To explain an answer you need the document as it was on that day.",
    fix="Set properties.isVersioningEnabled of the blob service to true.",
    azure_policy=("c36a325b-ae04-4863-ad4f-19c6678f8e08", "978deb5d-c9a7-41f8-b4b2-b76880d0de1f"),
    mcsb=("AI-1",),
    source=(
        "Azure/azure-policy",
        (
            "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md "
            "(Implement version control for grounding data)"
        ),
    ),
)
