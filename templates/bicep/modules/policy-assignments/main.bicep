metadata name = 'Policy assignments'
metadata description = 'Built-in initiatives that audit AI workloads; they deny nothing.'

targetScope = 'subscription'

import { profileType } from '../types.bicep'

@description('Strict environments are also audited against the regulatory initiatives.')
param profile profileType

// What the module foundry sets: thresholds are Low or Medium; profanity in prompts is only annotated.
var thresholds = [
  'Low'
  'Medium'
]
var either = [
  'true'
  'false'
]
var always = [
  {
    name: 'coe-rai-guardrail'
    initiative: '5207647b-3e83-4e28-b836-c382cb5e2a2e'
    title: 'Guardrail for Cognitive Services Deployments'
    parameters: {
      allowedHateSeveritiesForPrompt: { value: thresholds }
      allowedHateSeveritiesForCompletion: { value: thresholds }
      allowedSelfharmSeveritiesForPrompt: { value: thresholds }
      allowedSelfharmSeveritiesForCompletion: { value: thresholds }
      allowedSexualSeveritiesForPrompt: { value: thresholds }
      allowedSexualSeveritiesForCompletion: { value: thresholds }
      allowedViolenceSeveritiesForPrompt: { value: thresholds }
      allowedViolenceSeveritiesForCompletion: { value: thresholds }
      allowedProfanityBlockingForPrompt: { value: either }
      allowedSpotlightingBlockingForPrompt: { value: either }
      allowedSpotlightingEnabledForPrompt: { value: either }
    }
  }
]
var regulatory = [
  {
    name: 'coe-mcsb-v2'
    initiative: 'e3ec7e09-768c-4b64-882c-fcada3772047'
    title: 'Microsoft cloud security benchmark v2'
    parameters: {}
  }
  {
    name: 'coe-eu-ai-act'
    initiative: '1308bccf-446a-4283-a4e0-0c983fe7a572'
    title: 'EU AI Act 2024 1689'
    parameters: {}
  }
  {
    name: 'coe-nist-ai-rmf'
    initiative: 'f58a876c-ec25-417e-9634-58d2a93e3fe2'
    title: 'NIST AI RMF v1.0'
    parameters: {}
  }
]
var initiatives = profile == 'strict' ? concat(always, regulatory) : always

resource assignment 'Microsoft.Authorization/policyAssignments@2025-03-01' = [
  for item in initiatives: {
    name: item.name
    properties: {
      displayName: item.title
      description: 'coe-scaffold: audits only; findings are shown in the report.'
      enforcementMode: 'Default'
      parameters: item.parameters
      policyDefinitionId: tenantResourceId('Microsoft.Authorization/policySetDefinitions', item.initiative)
    }
  }
]

@description('Names of the assignments.')
output names string[] = [for (item, index) in initiatives: assignment[index].name]
