metadata name = 'Identities'
metadata description = 'The managed identities of one project: plan reads, deploy writes, guardrail changes content filters, runtime runs the application. Pipelines use them through GitHub environments or service connections of Azure DevOps, without secrets.'

import { principalType, repositoryType, tagsType } from '../types.bicep'

@description('What names end with: prefix, project, environment and region.')
param suffix string

@description('Name of the environment; GitHub environments and service connections are called after it.')
param environmentName string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Whether the project has a Machine Learning workspace, which runs as an identity of its own.')
param machineLearning bool

@description('Whether data is encrypted with a key of the project, which an identity of its own uses.')
param customerKey bool

@description('The repository whose pipelines use the identities.')
param repository repositoryType

var connections = repository.?serviceConnections
var provider = connections == null ? 'github' : 'azure-devops'
var issuer = connections == null ? 'https://token.actions.githubusercontent.com' : (connections.?issuer ?? '')
var audience = 'api://AzureADTokenExchange'
var gitHubSubject = 'repo:${repository.owner}/${repository.name}:environment:${environmentName}'
var planSubject = connections == null ? '${gitHubSubject}-plan' : (connections.?plan ?? '')
var deploySubject = connections == null ? gitHubSubject : (connections.?deploy ?? '')
var guardrailSubject = connections == null ? '${gitHubSubject}-guardrail' : (connections.?guardrail ?? '')
var managedIdentityOperator = 'f1a07417-d97a-45cb-824c-7a7467783830'

resource plan 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-plan-${suffix}'
  location: location
  tags: tags
}

resource planCredential 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = if (!empty(planSubject)) {
  parent: plan
  name: '${provider}-${environmentName}-plan'
  properties: {
    issuer: issuer
    subject: planSubject
    audiences: [
      audience
    ]
  }
}

resource deploy 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-deploy-${suffix}'
  location: location
  tags: tags
}

resource deployCredential 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = if (!empty(deploySubject)) {
  parent: deploy
  name: '${provider}-${environmentName}'
  properties: {
    issuer: issuer
    subject: deploySubject
    audiences: [
      audience
    ]
  }
}

resource guardrail 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-guardrail-${suffix}'
  location: location
  tags: tags
}

resource guardrailCredential 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = if (!empty(guardrailSubject)) {
  parent: guardrail
  name: '${provider}-${environmentName}-guardrail'
  properties: {
    issuer: issuer
    subject: guardrailSubject
    audiences: [
      audience
    ]
  }
}

resource runtime 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-runtime-${suffix}'
  location: location
  tags: tags
}

resource deployAttachesRuntime 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: runtime
  name: guid(toLower(runtime.id), toLower(deploy.id), managedIdentityOperator)
  properties: {
    principalId: deploy.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', managedIdentityOperator)
    description: 'coe-scaffold: attach exactly this identity to the application'
  }
}

resource workspace 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (machineLearning) {
  name: 'id-workspace-${suffix}'
  location: location
  tags: tags
}

resource deployAttachesWorkspace 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (machineLearning) {
  scope: workspace
  name: guid(toLower(workspace.id), toLower(deploy.id), managedIdentityOperator)
  properties: {
    principalId: deploy.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', managedIdentityOperator)
    description: 'coe-scaffold: attach exactly this identity to the Machine Learning workspace'
  }
}

resource encryption 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (customerKey) {
  name: 'id-encryption-${suffix}'
  location: location
  tags: tags
}

resource deployAttachesEncryption 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (customerKey) {
  scope: encryption
  name: guid(toLower(encryption.id), toLower(deploy.id), managedIdentityOperator)
  properties: {
    principalId: deploy.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', managedIdentityOperator)
    description: 'coe-scaffold: attach exactly this identity to what is encrypted'
  }
}

@description('The identity that plans.')
output plan principalType = {
  id: plan.id
  principalId: plan.properties.principalId
}

@description('The identity that deploys.')
output deploy principalType = {
  id: deploy.id
  principalId: deploy.properties.principalId
}

@description('The identity that changes content filters.')
output guardrail principalType = {
  id: guardrail.id
  principalId: guardrail.properties.principalId
}

@description('The identity of the application.')
output runtime principalType = {
  id: runtime.id
  principalId: runtime.properties.principalId
}

@description('Client id of the identity of the application.')
output runtimeClientId string = runtime.properties.clientId

@description('The identity of the Machine Learning workspace.')
output workspace principalType? = machineLearning
  ? {
      id: workspace.id
      principalId: workspace!.properties.principalId
    }
  : null

@description('The identity that uses the key of the project.')
output encryption principalType? = customerKey
  ? {
      id: encryption.id
      principalId: encryption!.properties.principalId
    }
  : null

@description('Client id of the identity that uses the key of the project.')
output encryptionClientId string? = customerKey ? encryption!.properties.clientId : null
