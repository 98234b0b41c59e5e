metadata name = 'Initiative assignments'
metadata description = 'Built-in policies for the whole management group, and those of an Azure landing zone around it with their known traps handled.'

targetScope = 'managementGroup'

import { initiativesType } from '../types.bicep'

@description('Regions that resources may be in.')
param allowedLocations string[]

@description('Whether the management group is audited against the regulatory initiatives; strict platforms already do it in their subscription.')
param regulatory bool

@description('Built-in initiatives that may deny.')
param chosen initiativesType

@description('Name of the management group that holds the definitions of an Azure landing zone; without it none of them is assigned.')
param landingZoneGroup string?

@description('Region of the identities of assignments.')
param location string

var regions = {
  listOfAllowedLocations: {
    value: allowedLocations
  }
}
var policies = [
  {
    name: 'coe-locations'
    title: 'Allowed locations'
    id: 'e56962a6-4747-49cd-b67b-bf8b01975c4c'
    parameters: regions
  }
  {
    name: 'coe-group-locations'
    title: 'Allowed locations for resource groups'
    id: 'e765b5de-1225-4ba3-bd56-1ac6695af988'
    parameters: regions
  }
]
var initiatives = [
  {
    name: 'coe-mcsb-v2'
    title: 'Microsoft cloud security benchmark v2'
    id: 'e3ec7e09-768c-4b64-882c-fcada3772047'
  }
  {
    name: 'coe-eu-ai-act'
    title: 'EU AI Act 2024 1689'
    id: '1308bccf-446a-4283-a4e0-0c983fe7a572'
  }
  {
    name: 'coe-nist-ai-rmf'
    title: 'NIST AI RMF v1.0'
    id: 'f58a876c-ec25-417e-9634-58d2a93e3fe2'
  }
]

// References that are reported where the others deny: no template here could comply with them.
var reported = {
  customerKeys: [
    'customerManagedKeysOnContainerRegistry'
    'customerManagedKeysOnCosmosDB'
    'customerManagedKeysOnDataFactory'
    'customerManagedKeysOnLogSearchAlerts'
    'customerManagedKeysOnSavedQueriesInAzureMonitor'
  ]
  residency: ['allowedLocationsCommunicationsServices']
  federation: []
}

// The initiative's own list of kinds without data of their own, less AIServices: Foundry has data.
var kindsWithoutData = [
  'CognitiveServices'
  'ContentSafety'
  'ConversationalLanguageUnderstanding'
  'HealthDecisionSupport'
  'HealthInsights'
  'ImmersiveReader'
  'Internal.AllInOne'
  'LUIS'
  'LUIS.Authoring'
  'MetricsAdvisor'
  'QnAMaker'
  'QnAMaker.V2'
  'SpeechTranslation'
  'TranscriptionIntelligence'
  'knowledge'
]

// By default the initiative about federation allows no federated credential, not even those of pipelines here.
var owners = chosen.?federation.?gitHubOwners ?? []
var offered = [
  {
    key: 'customerKeys'
    name: 'coe-customer-keys'
    title: 'Encryption at rest with customer-managed keys'
    id: 'f15f4d95-c59c-4395-9317-be6978d0743f'
    effect: chosen.?customerKeys ?? ''
    parameters: {
      '67121cc7-ff39-4ab8-b7e3-95b84dab487d_excludedKinds': { value: kindsWithoutData }
    }
  }
  {
    key: 'residency'
    name: 'coe-data-residency'
    title: 'Data residency across Azure services'
    id: 'bebfcba2-e789-4da6-9043-726ef3a00d02'
    effect: chosen.?residency ?? ''
    parameters: regions
  }
  {
    key: 'federation'
    name: 'coe-federation'
    title: 'Federated credentials of approved types and sources'
    id: '5e4ee281-95a3-442a-bb2a-5ef68cf5181a'
    effect: chosen.?federation.?effect ?? ''
    parameters: {
      allowFederatedCredentials: { value: true }
      allowGitHub: { value: !empty(owners) }
      allowedGitHubRepoOwners: { value: owners }
      allowedIssuerExceptions: { value: chosen.?federation.?issuers ?? [] }
    }
  }
]

// Customer-owned storage is only asked of accounts that can have it, and outbound calls are limited in strict
// environments only, so those policies audit. What modifies or deploys is off, because the templates already set
// those values and an identity with rights to change is one less.
// Left out: Enforce-Guardrails-MachineLearning asks for the legacy mode of workspaces, which switches off
// what version 2 of the service brought; Deny-CognitiveServices-Resource-Kinds does not know Foundry
// (kind AIServices); Deny-Private-DNS-Zones needs the platform's dns.zonesGroupId.
var landingZone = [
  {
    name: 'coe-alz-openai'
    title: 'Enforce recommended guardrails for Open AI'
    id: 'Enforce-Guardrails-OpenAI'
    parameters: {
      azureAiDisableLocalKey: { value: 'Disabled' }
      azureAiDisableLocalKey2: { value: 'Disabled' }
      cognitiveServicesCustomerStorage: { value: 'Audit' }
      cognitiveServicesModifyDisableLocalAuth: { value: 'Disabled' }
      cognitiveServicesOutboundNetworkAccess: { value: 'Audit' }
    }
  }
  {
    name: 'coe-alz-cognitive'
    title: 'Enforce recommended guardrails for Cognitive Services'
    id: 'Enforce-Guardrails-CognitiveServices'
    parameters: {
      cognitiveServicesCustomerStorage: { value: 'Audit' }
      cognitiveServicesLocalAuth: { value: 'Disabled' }
      cognitiveServicesModifyPublicNetworkAccess: { value: 'Disabled' }
      modifyCognitiveSearchLocalAuth: { value: 'Disabled' }
      modifyCognitiveSearchPublicEndpoint: { value: 'Disabled' }
    }
  }
]

resource policy 'Microsoft.Authorization/policyAssignments@2025-03-01' = [
  for item in policies: {
    name: item.name
    properties: {
      displayName: item.title
      description: 'coe-scaffold: regions of coe.yaml'
      enforcementMode: 'Default'
      parameters: item.parameters
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policyDefinitions', item.id)
    }
  }
]

resource initiative 'Microsoft.Authorization/policyAssignments@2025-03-01' = [
  for item in regulatory ? initiatives : []: {
    name: item.name
    properties: {
      displayName: item.title
      description: 'coe-scaffold: audits only; findings are shown in the report.'
      enforcementMode: 'Default'
      parameters: {}
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policySetDefinitions', item.id)
    }
  }
]

resource choice 'Microsoft.Authorization/policyAssignments@2025-03-01' = [
  for item in filter(offered, item => item.effect != ''): {
    name: item.name
    properties: {
      displayName: item.title
      description: 'coe-scaffold: chosen in the parameter initiatives'
      enforcementMode: 'Default'
      parameters: union(item.parameters, { effect: { value: item.effect } })
      overrides: item.effect == 'Deny' && !empty(reported[item.key])
        ? [
            {
              kind: 'policyEffect'
              value: 'Audit'
              selectors: [
                {
                  kind: 'policyDefinitionReferenceId'
                  in: reported[item.key]
                }
              ]
            }
          ]
        : []
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policySetDefinitions', item.id)
    }
  }
]

resource recommended 'Microsoft.Authorization/policyAssignments@2025-03-01' = [
  for item in landingZoneGroup == null ? [] : landingZone: {
    name: item.name
    location: location
    identity: {
      type: 'SystemAssigned'
    }
    properties: {
      displayName: item.title
      description: 'coe-scaffold: initiative of the Azure landing zone'
      enforcementMode: 'Default'
      parameters: item.parameters
      policyDefinitionId: extensionResourceId(
        tenantResourceId('Microsoft.Management/managementGroups', landingZoneGroup ?? ''),
        'Microsoft.Authorization/policySetDefinitions',
        item.id
      )
    }
  }
]

@description('Names of the assignments of policies.')
output names string[] = [for (item, index) in policies: policy[index].name]
