metadata name = 'Model policies'
metadata description = 'Policies for model deployments that Azure does not bring along: where prompts are processed, how much capacity, which models, which upgrades, and that a content filter is bound. One initiative, assigned to the management group.'

targetScope = 'managementGroup'

import { modelRulesType } from '../types.bicep'

@description('What model deployments may be.')
param rules modelRulesType

var deployments = {
  field: 'type'
  equals: 'Microsoft.CognitiveServices/accounts/deployments'
}
var start = 'Microsoft.CognitiveServices/accounts/deployments'

// Mode All: a definition with mode Indexed does not see deployments, which have neither location nor tags.
var policies = [
  {
    id: 'deploy-sku-residency'
    title: 'Model deployments process prompts where the organisation allows it'
    description: 'The deployment type decides whether prompts stay in the region, in the data zone, or go anywhere.'
    allowed: 'Array'
    value: rules.deploymentTypes
    condition: {
      field: '${start}/sku.name'
      notIn: '[parameters(\'allowed\')]'
    }
  }
  {
    id: 'deploy-capacity-ceiling'
    title: 'Model deployments stay under the capacity ceiling'
    description: 'Capacity is quota and money that other projects then lack.'
    allowed: 'Integer'
    value: rules.capacityCeiling
    condition: {
      field: '${start}/sku.capacity'
      greater: '[parameters(\'allowed\')]'
    }
  }
  {
    id: 'deploy-upgrade-option'
    title: 'Model versions are not upgraded unseen'
    description: 'A new version answers differently from the one that was evaluated.'
    allowed: 'Array'
    value: rules.upgradeOptions
    condition: {
      field: '${start}/versionUpgradeOption'
      notIn: '[parameters(\'allowed\')]'
    }
  }
  {
    id: 'deploy-rai-policy-bound'
    title: 'Model deployments name a content filter of their own'
    description: 'Without a name the default filter of the service applies, which nobody in the organisation reviewed.'
    allowed: 'Array'
    value: rules.refusedFilters
    condition: {
      anyOf: [
        {
          field: '${start}/raiPolicyName'
          exists: 'false'
        }
        {
          field: '${start}/raiPolicyName'
          in: '[parameters(\'allowed\')]'
        }
      ]
    }
  }
  {
    id: 'deploy-approved-models'
    title: 'Only approved models are deployed'
    description: 'Each model, with its version, was reviewed for the use it is put to.'
    allowed: 'Array'
    value: rules.models
    condition: {
      value: '[concat(field(\'${start}/model.name\'), \':\', field(\'${start}/model.version\'))]'
      notIn: '[parameters(\'allowed\')]'
    }
  }
]

resource definition 'Microsoft.Authorization/policyDefinitions@2025-03-01' = [
  for policy in policies: {
    name: 'coe-${policy.id}'
    properties: {
      policyType: 'Custom'
      mode: 'All'
      displayName: policy.title
      description: policy.description
      metadata: {
        category: 'Cognitive Services'
        source: 'coe-scaffold'
        version: '1.0.0'
      }
      parameters: {
        effect: {
          type: 'String'
          allowedValues: [
            'Audit'
            'Deny'
            'Disabled'
          ]
          defaultValue: 'Deny'
        }
        allowed: {
          type: policy.allowed
        }
      }
      policyRule: {
        if: {
          allOf: [
            deployments
            policy.condition
          ]
        }
        then: {
          effect: '[parameters(\'effect\')]'
        }
      }
    }
  }
]

resource initiative 'Microsoft.Authorization/policySetDefinitions@2025-03-01' = {
  name: 'coe-model-deployments'
  properties: {
    policyType: 'Custom'
    displayName: 'Guardrails for model deployments'
    description: 'What the built-in policies for AI services do not cover.'
    metadata: {
      category: 'Cognitive Services'
      source: 'coe-scaffold'
      version: '1.0.0'
    }
    parameters: {
      effect: {
        type: 'String'
        allowedValues: [
          'Audit'
          'Deny'
          'Disabled'
        ]
        defaultValue: 'Deny'
      }
    }
    policyDefinitions: [
      for (policy, index) in policies: {
        policyDefinitionId: definition[index].id
        policyDefinitionReferenceId: policy.id
        parameters: {
          effect: {
            value: '[parameters(\'effect\')]'
          }
          allowed: {
            value: policy.value
          }
        }
      }
    ]
  }
}

resource assignment 'Microsoft.Authorization/policyAssignments@2025-03-01' = {
  name: 'coe-model-deployments'
  properties: {
    displayName: 'Guardrails for model deployments'
    description: 'coe-scaffold: ${rules.effect}'
    enforcementMode: 'Default'
    parameters: {
      effect: {
        value: rules.effect
      }
    }
    policyDefinitionId: initiative.id
    nonComplianceMessages: [
      {
        message: 'This model deployment breaks a guardrail of the organisation; an exception is a dated entry in coe.yaml.'
      }
    ]
  }
}

@description('Resource id of the assignment; exemptions name it.')
output assignmentId string = assignment.id

@description('References of the policies in the initiative; exemptions name them.')
output references string[] = [for policy in policies: policy.id]
