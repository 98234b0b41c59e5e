metadata name = 'Role assignments'
metadata description = 'What the managed identities of one project may do, each at the smallest scope that works.'

import { componentsType, principalsType } from '../types.bicep'

@description('The managed identities.')
param principals principalsType

@description('What the project is made of.')
param components componentsType

@description('Name of the Foundry account.')
param accountName string

@description('Name of the search service.')
param searchName string

@description('Name of the Cosmos DB account.')
param cosmosName string

@description('Name of the Document Intelligence account.')
param documentsName string

@description('Name of the storage account.')
param storageName string

@description('Name of the key vault.')
param vaultName string

@description('Name of the container registry.')
param registryName string

@description('Name of the Application Insights component.')
param insightsName string

@description('Whether the application keeps what waits for a person in the container records.')
param keepsRecords bool

@description('Whether the identity that deploys evaluates the application here.')
param evaluates bool = false

@description('GUID of the custom role that may change content filters; nobody gets it when left out.')
param guardrailPublisherRoleId string?

var cosmosDataContributor = '00000000-0000-0000-0000-000000000002'
var rbacAdministrator = 'f58310d9-a9f6-439a-9e8d-f62e7b41a168'

// What the deploy identity may hand out, and only to managed identities.
var delegable = [
  'b78c5d69-af96-48a3-bf8d-a8b4d589de94' // Azure AI Administrator
  '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd' // Cognitive Services OpenAI User
  'a97b65f3-24c7-4388-baec-2e87135dc908' // Cognitive Services User
  'b93aa761-3e63-49ed-ac28-beffa264f7ac' // Container Registry Repository Reader
  '2a1e307c-b015-4ebd-883e-5b7698a07328' // Container Registry Repository Writer
  '230815da-be43-4aae-9cb4-875f7bd000aa' // Cosmos DB Operator
  '53ca6127-db72-4b80-b1b0-d745d6d5456d' // Foundry User
  'e147488a-f6f5-4113-8e2d-b22465e65bf6' // Key Vault Crypto Service Encryption User
  '12338af0-0e69-4776-bea7-57ae8d297424' // Key Vault Crypto User
  'b86a8fe4-44ce-4948-aee5-eccb2c155cd7' // Key Vault Secrets Officer
  '4633458b-17de-408a-b874-0445c86b69e6' // Key Vault Secrets User
  '3b03c2da-16b3-4a49-8834-0f8130efdd3b' // Log Analytics Data Reader
  '3913510d-42f4-4e42-8a64-420c390055eb' // Monitoring Metrics Publisher
  '8ebe5a00-799e-43f5-93ac-243d3dce84a7' // Search Index Data Contributor
  '1407120a-92aa-4202-b7e9-c0e197c71c8f' // Search Index Data Reader
  '7ca78c08-252a-4471-8644-bb5ff32d4ba0' // Search Service Contributor
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe' // Storage Blob Data Contributor
  'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // Storage Blob Data Owner
  '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1' // Storage Blob Data Reader
]
var delegableList = join(delegable, ', ')
var grantsOnly = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${delegableList}} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}'
var revokesOnly = '@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {${delegableList}} AND @Resource[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {\'ServicePrincipal\'}'
var delegation = '((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/write\'})) OR (${grantsOnly})) AND ((!(ActionMatches{\'Microsoft.Authorization/roleAssignments/delete\'})) OR (${revokesOnly}))'

// Whose identity exists in this project.
var present = {
  deploy: true
  runtime: true
  app: components.app
  trainer: components.machineLearning
  promoter: components.machineLearning
  indexer: components.search && components.app && !components.agents
  evaluator: evaluates && !components.machineLearning
  safetyEvaluator: evaluates && (components.search || components.agents)
  project: components.foundry
  search: components.search
  workspace: components.machineLearning
  factory: components.dataFactory
  documents: components.documentIntelligence
  gateway: principals.?gateway != null
}
var identities = union(principals, {
  app: principals.runtime // what the application runs as
  trainer: principals.runtime // what jobs and endpoints of Machine Learning run as
  promoter: principals.deploy // what promotes tuned models
  indexer: principals.deploy // what fills the index of the application in a release
  evaluator: principals.deploy // what evaluates the application in a pipeline
  safetyEvaluator: principals.deploy // the same, where the application asks content safety or agents
})

var groupRoles = filter(
  [
    { who: 'deploy', role: 'b24988ac-6180-42a0-ab88-20f7382dd24c', why: 'create resources' } // Contributor
    { who: 'workspace', role: 'b78c5d69-af96-48a3-bf8d-a8b4d589de94', why: 'what Azure gives the identity of a workspace' } // Azure AI Administrator
  ],
  row => present[row.who]
)
var accountRoles = filter(
  [
    { who: 'project', role: '53ca6127-db72-4b80-b1b0-d745d6d5456d', why: 'model inference through the project endpoint' } // Foundry User
    { who: 'runtime', role: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd', why: 'inference without keys' } // Cognitive Services OpenAI User
    { who: 'promoter', role: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd', why: 'evaluation gate on the deployed model' } // Cognitive Services OpenAI User
    { who: 'evaluator', role: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd', why: 'evaluation of the application' } // Cognitive Services OpenAI User
    { who: 'safetyEvaluator', role: '53ca6127-db72-4b80-b1b0-d745d6d5456d', why: 'evaluation with content safety and agents' } // Foundry User
    { who: 'app', role: '53ca6127-db72-4b80-b1b0-d745d6d5456d', why: 'content safety and agents without keys' } // Foundry User
    { who: 'search', role: '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd', why: 'integrated vectorisation' } // Cognitive Services OpenAI User
    { who: 'gateway', role: 'a97b65f3-24c7-4388-baec-2e87135dc908', why: 'models and content safety for callers of the gateway' } // Cognitive Services User
  ],
  row => components.foundry && present[row.who]
)
var searchRoles = filter(
  [
    { who: 'project', role: '8ebe5a00-799e-43f5-93ac-243d3dce84a7', why: 'agents fill their indexes' } // Search Index Data Contributor
    { who: 'project', role: '7ca78c08-252a-4471-8644-bb5ff32d4ba0', why: 'agents create their indexes' } // Search Service Contributor
    { who: 'runtime', role: '1407120a-92aa-4202-b7e9-c0e197c71c8f', why: 'retrieval' } // Search Index Data Reader
    { who: 'indexer', role: '8ebe5a00-799e-43f5-93ac-243d3dce84a7', why: 'documents of releases' } // Search Index Data Contributor
    { who: 'evaluator', role: '1407120a-92aa-4202-b7e9-c0e197c71c8f', why: 'evaluation of retrieval' } // Search Index Data Reader
  ],
  row => components.search && present[row.who]
)
var cosmosRoles = filter(
  [
    { who: 'project', role: '230815da-be43-4aae-9cb4-875f7bd000aa', why: 'agents create the database of their threads' } // Cosmos DB Operator
  ],
  row => components.agents && present[row.who]
)
var documentsRoles = filter(
  [
    { who: 'runtime', role: 'a97b65f3-24c7-4388-baec-2e87135dc908', why: 'analyse documents without keys' } // Cognitive Services User
    { who: 'evaluator', role: 'a97b65f3-24c7-4388-baec-2e87135dc908', why: 'evaluation of reading' } // Cognitive Services User
  ],
  row => components.documentIntelligence && present[row.who]
)
var storageRoles = filter(
  [
    { who: 'project', role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', why: 'files of the project' } // Storage Blob Data Contributor
    { who: 'workspace', role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', why: 'data stores of the workspace' } // Storage Blob Data Contributor
    { who: 'trainer', role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', why: 'what jobs read and write' } // Storage Blob Data Contributor
  ],
  row => present[row.who]
)
var dataRoles = filter(
  [
    { who: 'runtime', role: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', why: 'documents' } // Storage Blob Data Reader
    { who: 'search', role: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', why: 'indexer' } // Storage Blob Data Reader
    { who: 'documents', role: '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1', why: 'documents to analyse' } // Storage Blob Data Reader
    { who: 'factory', role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', why: 'data that flows in' } // Storage Blob Data Contributor
  ],
  row => present[row.who]
)
var recordsRoles = filter(
  [
    { who: 'app', role: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe', why: 'what waits for a person' } // Storage Blob Data Contributor
  ],
  row => keepsRecords && present[row.who]
)
var agentsRoles = filter(
  [
    { who: 'project', role: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', why: 'files of agents' } // Storage Blob Data Owner
  ],
  row => components.agents && present[row.who]
)
var vaultRoles = filter(
  [
    { who: 'runtime', role: '4633458b-17de-408a-b874-0445c86b69e6', why: 'application secrets' } // Key Vault Secrets User
    { who: 'workspace', role: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', why: 'secrets of connections' } // Key Vault Secrets Officer
  ],
  row => present[row.who]
)
var registryRoles = filter(
  [
    { who: 'deploy', role: '2a1e307c-b015-4ebd-883e-5b7698a07328', why: 'push images' } // Container Registry Repository Writer
    { who: 'project', role: 'b93aa761-3e63-49ed-ac28-beffa264f7ac', why: 'hosted agents' } // Container Registry Repository Reader
    { who: 'runtime', role: 'b93aa761-3e63-49ed-ac28-beffa264f7ac', why: 'pull images' } // Container Registry Repository Reader
    { who: 'workspace', role: '2a1e307c-b015-4ebd-883e-5b7698a07328', why: 'build images of environments' } // Container Registry Repository Writer
  ],
  row => present[row.who]
)
var insightsRoles = [
  { who: 'runtime', role: '3913510d-42f4-4e42-8a64-420c390055eb', why: 'telemetry without keys' } // Monitoring Metrics Publisher
]

resource account 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: accountName
}

resource search 'Microsoft.Search/searchServices@2025-05-01' existing = {
  name: searchName
}

resource cosmos 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' existing = {
  name: cosmosName
}

resource documents 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: documentsName
}

resource storage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: storageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource data 'containers' existing = {
      name: 'data'
    }

    resource records 'containers' existing = {
      name: 'records'
    }

    resource agents 'containers' existing = {
      name: 'agents-blobstore'
    }
  }
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource onGroup 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in groupRoles: {
    name: guid(toLower(resourceGroup().id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in accountRoles: {
    scope: account
    name: guid(toLower(account.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onSearch 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in searchRoles: {
    scope: search
    name: guid(toLower(search.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in storageRoles: {
    scope: storage
    name: guid(toLower(storage.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onData 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in dataRoles: {
    scope: storage::blobs::data
    name: guid(toLower(storage::blobs::data.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in recordsRoles: {
    scope: storage::blobs::records
    name: guid(toLower(storage::blobs::records.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onCosmos 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in cosmosRoles: {
    scope: cosmos
    name: guid(toLower(cosmos.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

// Data of Cosmos DB has roles of its own; this is its Built-in Data Contributor.
resource onThreads 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments@2025-04-15' = if (components.agents) {
  parent: cosmos
  name: guid(toLower(cosmos.id), toLower(principals.project.?id ?? ''), cosmosDataContributor)
  properties: {
    principalId: principals.project.?principalId ?? ''
    roleDefinitionId: '${cosmos.id}/sqlRoleDefinitions/${cosmosDataContributor}'
    scope: cosmos.id
  }
}

resource onDocuments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in documentsRoles: {
    scope: documents
    name: guid(toLower(documents.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onAgents 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in agentsRoles: {
    scope: storage::blobs::agents
    name: guid(toLower(storage::blobs::agents.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in vaultRoles: {
    scope: vault
    name: guid(toLower(vault.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in registryRoles: {
    scope: registry
    name: guid(toLower(registry.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for row in insightsRoles: {
    scope: insights
    name: guid(toLower(insights.id), toLower(identities[row.who].id), row.role)
    properties: {
      principalId: identities[row.who].principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', row.role)
      description: 'coe-scaffold: ${row.why}'
    }
  }
]

resource delegatedAdministration 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(resourceGroup().id), toLower(principals.deploy.id), rbacAdministrator)
  properties: {
    principalId: principals.deploy.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', rbacAdministrator)
    description: 'coe-scaffold: hand out the roles above to managed identities, no others'
    condition: delegation
    conditionVersion: '2.0'
  }
}

resource guardrailPublisher 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (components.foundry && guardrailPublisherRoleId != null) {
  scope: account
  name: guid(toLower(account.id), toLower(principals.guardrail.id), guardrailPublisherRoleId ?? '')
  properties: {
    principalId: principals.guardrail.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tenantResourceId('Microsoft.Authorization/roleDefinitions', guardrailPublisherRoleId ?? '')
    description: 'coe-scaffold: the only path that changes content filters'
  }
}

@description('Number of roles that the deploy identity may hand out.')
output delegableCount int = length(delegable)
