"""Types the catalogue knows but the Azure MCP server cannot describe ("not supported", versions 2.0 and 3.0).

Written down from the vendor's reference of each type; only members that the templates may use are listed,
so an unlisted member is a finding here even where Azure would take it. Compared on 2026-11-29 with the types
that the Bicep compiler itself uses (Azure/bicep-types-az of 2026-08-20): every member is there and may be
written, none that they require is missing here, and where the two differ this one allows less.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from tests.templates.bicep.official_types import OfficialType

Shape: TypeAlias = Mapping[str, Any]
"""Member name, ``!`` when required, to a written type, a nested shape, or a list holding a nested shape."""

_TAGS: Shape = {"*": "string"}
_OPERATORS = "Equals | GreaterThan | GreaterThanOrEqual | LessThan | LessThanOrEqual"
_QUERY_TIMES = "PT1M | PT5M | PT15M | PT30M | PT1H | PT6H | P1D"

SHAPES: Mapping[str, Shape] = {
    "Microsoft.Network/privateDnsZones": {"location!": "global", "tags": _TAGS, "properties": {}},
    "Microsoft.Network/privateDnsZones/A": {
        "properties!": {"ttl!": "int", "aRecords": [{"ipv4Address!": "string"}]},
    },
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": {
        "location!": "global",
        "tags": _TAGS,
        "properties!": {
            "registrationEnabled!": "bool",
            "resolutionPolicy": "Default | NxDomainRedirect",
            "virtualNetwork!": {"id!": "string"},
        },
    },
    "Microsoft.Insights/diagnosticSettings": {
        "properties!": {
            "workspaceId!": "string",
            "logAnalyticsDestinationType": "Dedicated | AzureDiagnostics",
            "logs": [{"category": "string", "categoryGroup": "allLogs | audit", "enabled!": "bool"}],
            "metrics": [{"category": "string", "enabled!": "bool", "timeGrain": "string"}],
        },
    },
    "Microsoft.Insights/privateLinkScopes": {
        "location!": "global",
        "tags": _TAGS,
        "properties!": {
            "accessModeSettings!": {
                "ingestionAccessMode!": "Open | PrivateOnly",
                "queryAccessMode!": "Open | PrivateOnly",
            },
        },
    },
    "Microsoft.Insights/privateLinkScopes/scopedResources": {
        "properties!": {"linkedResourceId": "string"},
    },
    "Microsoft.Insights/actionGroups": {
        "location!": "global",
        "tags": _TAGS,
        "properties!": {
            "enabled!": "bool",
            "groupShortName!": "string",
            "emailReceivers": [
                {"name!": "string", "emailAddress!": "string", "useCommonAlertSchema": "bool"},
            ],
            "armRoleReceivers": [
                {"name!": "string", "roleId!": "string", "useCommonAlertSchema": "bool"},
            ],
        },
    },
    "Microsoft.Insights/metricAlerts": {
        "location!": "global",
        "tags": _TAGS,
        "properties!": {
            "description": "string",
            "severity!": "int",
            "enabled!": "bool",
            "scopes!": "any",
            "evaluationFrequency!": "PT1M | PT5M | PT15M | PT30M | PT1H",
            "windowSize!": "PT1M | PT5M | PT15M | PT30M | PT1H | PT6H | PT12H | P1D",
            "criteria!": {
                "odata.type!": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
                "allOf!": [
                    {
                        "criterionType!": "StaticThresholdCriterion",
                        "name!": "string",
                        "metricNamespace": "string",
                        "metricName!": "string",
                        "timeAggregation!": "Average | Count | Maximum | Minimum | Total",
                        "operator!": _OPERATORS,
                        "threshold!": "int",
                        "dimensions": [
                            {"name!": "string", "operator!": "Exclude | Include", "values!": "any"},
                        ],
                        "skipMetricValidation": "bool",
                    },
                ],
            },
            "autoMitigate": "bool",
            "actions": [{"actionGroupId": "string", "webHookProperties": _TAGS}],
        },
    },
    "Microsoft.Insights/scheduledQueryRules": {
        "location!": "string",
        "tags": _TAGS,
        "kind": "LogAlert | LogToMetric",
        "properties!": {
            "displayName": "string",
            "description": "string",
            "enabled": "bool",
            "severity": "int",
            "scopes!": "any",
            "evaluationFrequency": _QUERY_TIMES,
            "windowSize": _QUERY_TIMES,
            "criteria!": {
                "allOf!": [
                    {
                        "query!": "string",
                        "timeAggregation": "Average | Count | Maximum | Minimum | Total",
                        "operator": _OPERATORS,
                        "threshold": "int",
                        "failingPeriods": {
                            "numberOfEvaluationPeriods": "int",
                            "minFailingPeriodsToAlert": "int",
                        },
                    },
                ],
            },
            "autoMitigate": "bool",
            "skipQueryValidation": "bool",
            "actions": {"actionGroups": "any"},
        },
    },
    "Microsoft.Authorization/locks": {
        "properties!": {"level!": "CanNotDelete | ReadOnly", "notes": "string"},
    },
    "Microsoft.Authorization/policyAssignments": {
        "properties!": {
            "displayName": "string",
            "description": "string",
            "enforcementMode": "Default | DoNotEnforce",
            "parameters": {"*": {"value!": "any"}},
            "policyDefinitionId!": "string",
            "nonComplianceMessages": [{"message!": "string"}],
            "overrides": [
                {
                    "kind": "definitionVersion | policyEffect",
                    "value": "string",
                    "selectors": [
                        {
                            "kind": (
                                "groupPrincipalId | policyDefinitionReferenceId | resourceLocation"
                                " | resourceType | resourceWithoutLocation | userPrincipalId"
                            ),
                            "in": "any",
                            "notIn": "any",
                        }
                    ],
                }
            ],
        },
        "location": "string",
        "identity": {"type!": "None | SystemAssigned | UserAssigned"},
    },
    "Microsoft.Authorization/policyDefinitions": {
        "properties!": {
            "policyType": "BuiltIn | Custom | NotSpecified | Static",
            "mode": "All | Indexed",
            "displayName": "string",
            "description": "string",
            "metadata": "object",
            "parameters": {
                "*": {
                    "type!": "Array | Boolean | DateTime | Float | Integer | Object | String",
                    "allowedValues": "any",
                    "defaultValue": "any",
                },
            },
            "policyRule!": {"if!": "object", "then!": {"effect!": "string"}},
        },
    },
    "Microsoft.Authorization/policySetDefinitions": {
        "properties!": {
            "policyType": "BuiltIn | Custom | NotSpecified | Static",
            "displayName": "string",
            "description": "string",
            "metadata": "object",
            "parameters": {"*": {"type!": "String", "allowedValues": "any", "defaultValue": "any"}},
            "policyDefinitions!": [
                {
                    "policyDefinitionId!": "string",
                    "policyDefinitionReferenceId": "string",
                    "parameters": {"*": {"value!": "any"}},
                },
            ],
        },
    },
    "Microsoft.Authorization/policyExemptions": {
        "properties!": {
            "policyAssignmentId!": "string",
            "policyDefinitionReferenceIds": "any",
            "exemptionCategory!": "Mitigated | Waiver",
            "expiresOn": "string",
            "displayName": "string",
            "description": "string",
            "assignmentScopeValidation": "Default | DoNotValidate",
        },
    },
    "Microsoft.Management/managementGroups/subscriptions": {},
}


def written_down(known: OfficialType) -> OfficialType:
    """Return the type with the shape written down here; KeyError when there is none."""
    types: dict[str, Any] = {}
    body = _described(SHAPES[known.resource_type], known.resource_type, types)
    return OfficialType(known.resource_type, known.newest, body, types)


def _described(shape: Shape, name: str, types: dict[str, Any]) -> str:
    members = []
    rest = None
    for key, value in shape.items():
        member = key.rstrip("!")
        if isinstance(value, list):
            written = _described(value[0], f"{name}.{member}", types) + "[]"
        elif isinstance(value, Mapping):
            written = _described(value, f"{name}.{member}", types)
        else:
            written = value
        if member == "*":
            rest = written
        else:
            members.append(
                {"name": member, "type": written, "flags": "Required" if key.endswith("!") else ""}
            )
    types[name] = {"$type": "Object", "properties": members, "additionalPropertiesType": rest}
    return name
