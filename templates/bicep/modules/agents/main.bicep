metadata name = 'Agents'
metadata description = 'Lets the agents of a Foundry project keep threads, files and vectors in the project\'s own Cosmos DB, storage and search. Deploy it after the project\'s identity has its roles there.'

@description('Name of the Foundry account.')
param accountName string

@description('Name of the Foundry project.')
param projectName string

@description('Names of the project\'s connections.')
param connections {
  @description('Connection to Cosmos DB.')
  threads: string

  @description('Connection to the storage account.')
  files: string

  @description('Connection to the search service.')
  vectors: string
}

resource account 'Microsoft.CognitiveServices/accounts@2025-09-01' existing = {
  name: accountName

  resource project 'projects' existing = {
    name: projectName
  }
}

resource host 'Microsoft.CognitiveServices/accounts/projects/capabilityHosts@2025-06-01' = {
  parent: account::project
  name: 'agents'
  properties: {
    capabilityHostKind: 'Agents'
    threadStorageConnections: [
      connections.threads
    ]
    storageConnections: [
      connections.files
    ]
    vectorStoreConnections: [
      connections.vectors
    ]
  }
}

@description('Resource id of the capability host.')
output id string = host.id
