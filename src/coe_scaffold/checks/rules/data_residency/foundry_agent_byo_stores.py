"""Foundry agents: threads, files and vectors are kept in your own stores."""

from coe_scaffold.checks.operators import All, Demand, Exists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="foundry-agent-byo-stores",
    title="Foundry agents: threads, files and vectors are kept in your own stores",
    severity=Severity.MEDIUM,
    category="data-residency",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts/projects/capabilityHosts",
    path="properties",
    operator=All(
        (
            Demand("threadStorageConnections", Exists()),
            Demand("storageConnections", Exists()),
            Demand("vectorStoreConnections", Exists()),
        )
    ),
    profiles=("prod",),
    rationale="In your own stores conversations follow your network, your keys and your retention.",
    fix=(
        "Set threadStorageConnections, storageConnections and vectorStoreConnections of the capability host."
    ),
    mcsb=("DP-2",),
    source=(
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md D-R1,D-R2",
        "azure-mgmt-cognitiveservices 14.1.0 models CapabilityHost",
    ),
)
