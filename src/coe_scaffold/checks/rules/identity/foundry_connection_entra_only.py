"""Foundry connection: it signs in with Entra ID."""

from coe_scaffold.checks.operators import OneOf
from coe_scaffold.checks.rule import Inline, Rule, Severity

RULE = Rule(
    id="foundry-connection-entra-only",
    title="Foundry connection: it signs in with Entra ID",
    severity=Severity.HIGH,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts/projects/connections",
    path="properties.authType",
    operator=OneOf(("AAD", "ManagedIdentity")),
    inline=Inline("Microsoft.CognitiveServices/accounts/connections"),
    rationale="A connection with a key shares that key with everybody who may use the project.",
    fix="Set properties.authType to AAD or ManagedIdentity and give the project identity a role.",
    mcsb=("IM-8",),
    source=("azure-mgmt-cognitiveservices 14.1.0 models ConnectionAuthType",),
)
