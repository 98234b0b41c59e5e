"""Shipped facts with their sources, read from ``data/*.json`` once and only when asked for.

``functions()`` the nine CoE functions · ``matrix()`` who holds which role where · ``scope_kinds()`` what the
matrix calls a place · ``roles()`` the dated catalogue of built-in roles · ``separation_rules()`` what one
person must not hold · ``naming()`` names Azure accepts · ``evidence()`` what a review asks for.
"""

from coe_scaffold.catalog.evidence import Evidence, EvidenceItem, evidence
from coe_scaffold.catalog.functions import function, functions
from coe_scaffold.catalog.matrix import (
    AccessMatrix,
    AccessRow,
    CustomRoleRow,
    WorkloadRow,
    custom_role_guid,
    matrix,
)
from coe_scaffold.catalog.names import NamingRule, NamingRules, naming
from coe_scaffold.catalog.roles import Permission, RoleCatalogue, RoleDefinition, roles
from coe_scaffold.catalog.scopes import Owner, PlaceKind, scope_kind, scope_kinds
from coe_scaffold.catalog.separation import (
    Allowed,
    KeyTest,
    OperationTest,
    RuleKind,
    SeparationRule,
    separation_rules,
)

__all__ = [
    "AccessMatrix",
    "AccessRow",
    "Allowed",
    "CustomRoleRow",
    "Evidence",
    "EvidenceItem",
    "KeyTest",
    "NamingRule",
    "NamingRules",
    "OperationTest",
    "Owner",
    "Permission",
    "PlaceKind",
    "RoleCatalogue",
    "RoleDefinition",
    "RuleKind",
    "SeparationRule",
    "WorkloadRow",
    "custom_role_guid",
    "evidence",
    "function",
    "functions",
    "matrix",
    "naming",
    "roles",
    "scope_kind",
    "scope_kinds",
    "separation_rules",
]
