"""Foundry account with agents: agents run in a subnet of yours."""

from __future__ import annotations

from coe_scaffold.checks.operators import CountAtLeast, Demand, Link, Related
from coe_scaffold.checks.rule import Rule, Severity

_HAS_AGENTS = Related("Microsoft.CognitiveServices/accounts/projects/capabilityHosts", Link.CHILD)


RULE = Rule(
    id="foundry-agent-network-injection",
    title="Foundry account with agents: agents run in a subnet of yours",
    severity=Severity.MEDIUM,
    category="network",
    owner="compliance-officer",
    resource_type="Microsoft.CognitiveServices/accounts",
    path="properties.networkInjections",
    operator=CountAtLeast(1),
    when=(Demand("", _HAS_AGENTS),),
    profiles=("prod",),
    rationale="Agents call tools; from a subnet of yours these calls pass your firewall and your logs.",
    fix="Set properties.networkInjections with scenario agent and the id of the agent subnet.",
    mcsb=("NS-2",),
    source=(
        (
            "azure-mgmt-cognitiveservices 14.1.0 models NetworkInjection(scenario, subnetArmId, "
            "useMicrosoftManagedNetwork)"
        ),
    ),
)
