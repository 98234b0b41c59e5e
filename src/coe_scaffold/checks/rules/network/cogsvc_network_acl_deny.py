"""AI account: the firewall denies by default, without exceptions."""

from coe_scaffold.checks.operators import All, Demand, Equals, NotExists
from coe_scaffold.checks.rule import Rule, Severity

RULE = Rule(
    id="cogsvc-network-acl-deny",
    title="AI account: the firewall denies by default, without exceptions",
    severity=Severity.HIGH,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.networkAcls",
    operator=All(
        (
            Demand("defaultAction", Equals("Deny")),
            Demand("ipRules[*]", NotExists()),
            Demand("virtualNetworkRules[*]", NotExists()),
        )
    ),
    rationale="Every address that is let in past the private endpoint is a way around it.",
    fix=("Set properties.networkAcls.defaultAction to Deny and leave ipRules and virtualNetworkRules empty."),
    azure_policy=("037eea7a-bd0a-46c5-9a66-03aea78705d3",),
    alz=("Deny-CognitiveServices-NetworkAcls",),
    psrule=("Azure.AI.PublicAccess",),
    mcsb=("NS-2",),
    source=("Azure/azure-policy", "Azure/Azure-Landing-Zones-Library platform/alz"),
)
