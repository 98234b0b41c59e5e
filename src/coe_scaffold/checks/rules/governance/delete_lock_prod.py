"""Production resource group: a lock protects it from deletion."""

from __future__ import annotations

from coe_scaffold.checks.operators import Demand, Link, OneOf, Related
from coe_scaffold.checks.rule import Rule, Severity

_LEVEL = (Demand("properties.level", OneOf(("CanNotDelete", "ReadOnly"))),)


RULE = Rule(
    id="delete-lock-prod",
    title="Production resource group: a lock protects it from deletion",
    severity=Severity.MEDIUM,
    category="governance",
    owner="ai-coe-lead",
    resource_type="Microsoft.Resources/resourceGroups",
    operator=Related("Microsoft.Authorization/locks", Link.COVERS, _LEVEL),
    profiles=("prod",),
    rationale="One wrong command deletes a resource group with everything in it.",
    fix=("Add a lock of level CanNotDelete at the resource group, or deploy a stack that denies deletion."),
    azure_policy=("78460a36-508a-49a4-b2b2-2f5ec564f4bb",),
    alz=("DenyAction-DeleteProtection",),
    mcsb=("AM-3",),
    source=("Azure/azure-policy", "Azure/Azure-Landing-Zones-Library platform/alz"),
)
