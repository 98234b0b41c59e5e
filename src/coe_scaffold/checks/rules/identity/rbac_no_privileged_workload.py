"""Role assignment: no Owner, no User Access Administrator, no unconditioned RBAC Administrator."""

from __future__ import annotations

from coe_scaffold.checks.operators import All, Demand, EndsWithNone, Exists, Matches
from coe_scaffold.checks.rule import Rule, Severity

_ROLE = "properties.roleDefinitionId"
_PRIVILEGED = (
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
)
_GRANTS_ROLES = (Demand(_ROLE, Matches(r".*f58310d9-a9f6-439a-9e8d-f62e7b41a168")),)  # RBAC Administrator


RULE = Rule(
    id="rbac-no-privileged-workload",
    title="Role assignment: no Owner, no User Access Administrator, no unconditioned RBAC Administrator",
    severity=Severity.CRITICAL,
    category="identity",
    owner="compliance-officer",
    resource_type="Microsoft.Authorization/roleAssignments",
    operator=All(
        (
            Demand(_ROLE, EndsWithNone(_PRIVILEGED)),
            Demand("properties.condition", Exists(), when=_GRANTS_ROLES),
        )
    ),
    rationale="Whoever may hand out roles without limit holds every role there is.",
    fix=(
        "Assign the least role that does the work; to hand out roles use RBAC Administrator with a condition."
    ),
    azure_policy=("4f11b553-d42e-4e3a-89be-32ca364cad4c", "a451c1ef-c6ca-483d-87ed-f49761e3ffb5"),
    checkov=("CKV_AZURE_39",),
    psrule=("Azure.RBAC.LimitOwner",),
    mcsb=("PA-1", "PA-7"),
    source=(
        "Azure/azure-policy",
        "Azure/PSRule.Rules.Azure docs/en/baselines/Azure.GA_2026_03.md",
        "Azure/AI-Landing-Zones docs/architecture/design-checklist.md I-R5",
    ),
)
