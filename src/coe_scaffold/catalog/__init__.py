"""Shipped facts with their sources, read from ``data/*.json`` once and only when asked for.

``functions()`` the nine CoE functions · ``matrix()`` who holds which role where · ``scope_kinds()`` what the
matrix calls a place · ``roles()`` the dated catalogue of built-in roles · ``separation_rules()`` what one
person must not hold · ``naming()`` names Azure accepts · ``evidence()`` what a review asks for ·
``name_questions()`` who tells whether a name is free · ``retentions()`` what Azure keeps deleted ·
``api_versions()`` what the packaged Bicep makes each resource type with.
"""

from coe_scaffold.catalog.api_versions import api_versions
from coe_scaffold.catalog.evidence import Evidence, EvidenceItem, evidence
from coe_scaffold.catalog.functions import function, functions, titles
from coe_scaffold.catalog.matrix import (
    AccessMatrix,
    AccessRow,
    CustomRoleRow,
    WorkloadRow,
    custom_role_guid,
    matrix,
)
from coe_scaffold.catalog.names import NamingRule, NamingRules, naming
from coe_scaffold.catalog.retention import Retention, retentions
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
from coe_scaffold.catalog.uniqueness import NameQuestion, name_questions

__all__ = [
    "AccessMatrix",
    "AccessRow",
    "Allowed",
    "CustomRoleRow",
    "Evidence",
    "EvidenceItem",
    "KeyTest",
    "NameQuestion",
    "NamingRule",
    "NamingRules",
    "OperationTest",
    "Owner",
    "Permission",
    "PlaceKind",
    "Retention",
    "RoleCatalogue",
    "RoleDefinition",
    "RuleKind",
    "SeparationRule",
    "WorkloadRow",
    "api_versions",
    "custom_role_guid",
    "evidence",
    "function",
    "functions",
    "matrix",
    "name_questions",
    "naming",
    "retentions",
    "roles",
    "scope_kind",
    "scope_kinds",
    "separation_rules",
    "titles",
]
