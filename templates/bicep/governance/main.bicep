metadata name = 'Governance'
metadata description = 'What all environments of the organisation share in its management group: its subscriptions, custom roles, policies for model deployments, built-in initiatives, and exemptions that end.'

targetScope = 'managementGroup'

import {
  customRoleType
  exemptionType
  initiativesType
  modelRulesType
} from '../modules/types.bicep'

@description('Region that keeps the records of the deployment.')
param location string

@description('Subscriptions that are moved into the management group.')
param subscriptions string[]

@description('Custom roles of the access matrix.')
param customRoles customRoleType[]

@description('What model deployments may be.')
param models modelRulesType

@description('Regions that resources may be in.')
param allowedLocations string[]

@description('Whether the whole management group is audited against the regulatory initiatives.')
param regulatory bool = false

@description('Built-in initiatives of Azure that report or refuse resources of the whole management group.')
param initiatives initiativesType = {}

@description('Name of the management group that holds the definitions of an Azure landing zone around this one.')
param landingZoneGroup string?

@description('Exceptions of coe.yaml that concern policies.')
param exemptions exemptionType[]

var wide = filter(exemptions, item => item.?resourceGroup == null)
var narrow = filter(exemptions, item => item.?resourceGroup != null)

resource placement 'Microsoft.Management/managementGroups/subscriptions@2023-04-01' = [
  for id in subscriptions: {
    scope: tenant()
    name: '${managementGroup().name}/${id}'
  }
]

module roles '../modules/custom-roles/main.bicep' = {
  params: {
    roles: customRoles
  }
}

module modelPolicies '../modules/model-policies/main.bicep' = {
  params: {
    rules: models
  }
}

module builtIn '../modules/initiative-assignments/main.bicep' = {
  params: {
    chosen: initiatives
    allowedLocations: allowedLocations
    regulatory: regulatory
    landingZoneGroup: landingZoneGroup
    location: location
  }
}

module exemption '../modules/policy-exemption/main.bicep' = [
  for item in wide: {
    name: 'exemption-${uniqueString(item.guardrail, item.subscription)}'
    scope: subscription(item.subscription)
    params: {
      name: 'coe-${item.guardrail}'
      assignmentId: modelPolicies.outputs.assignmentId
      references: [
        item.guardrail
      ]
      reason: '${item.reason} Granted by ${item.approver}.'
      expires: item.expires
    }
    dependsOn: [
      placement
    ]
  }
]

module groupExemption '../modules/policy-exemption-group/main.bicep' = [
  for item in narrow: {
    name: 'exemption-${uniqueString(item.guardrail, item.subscription, item.?resourceGroup ?? '')}'
    scope: resourceGroup(item.subscription, item.?resourceGroup ?? '')
    params: {
      name: 'coe-${item.guardrail}'
      assignmentId: modelPolicies.outputs.assignmentId
      references: [
        item.guardrail
      ]
      reason: '${item.reason} Granted by ${item.approver}.'
      expires: item.expires
    }
    dependsOn: [
      placement
    ]
  }
]

@description('GUIDs of the custom roles, in the order of the parameter.')
output customRoleIds string[] = roles.outputs.ids
