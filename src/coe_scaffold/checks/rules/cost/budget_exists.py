"""Resource group: a budget with alerts covers it."""

from __future__ import annotations

from coe_scaffold.checks.operators import AtLeast, CountAtLeast, Demand, Link, Related
from coe_scaffold.checks.rule import Rule, Severity

_BUDGET = (
    Demand("properties.amount", AtLeast(1)),
    Demand("properties.notifications", CountAtLeast(2)),
)


RULE = Rule(
    id="budget-exists",
    title="Resource group: a budget with alerts covers it",
    severity=Severity.HIGH,
    category="cost",
    owner="ai-coe-lead",
    resource_type="Microsoft.Resources/resourceGroups",
    operator=Related("Microsoft.Consumption/budgets", Link.COVERS, _BUDGET),
    rationale=(
        "Model calls have no upper bound of their own; a budget tells somebody before the invoice does."
    ),
    fix="Add a budget with at least two thresholds at the resource group or the subscription.",
    alz=("Deploy-Budget",),
    source=(
        "Azure/Azure-Landing-Zones-Library platform/alz Deploy-Budget 1.1.0",
        "MicrosoftDocs/cloud-adoption-framework docs/scenarios/ai/platform/governance.md",
        "CAF govern.md R009",
    ),
)
