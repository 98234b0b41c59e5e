metadata name = 'Machine Learning workspace'
metadata description = 'A Machine Learning workspace whose network is managed and lets only approved traffic out, with a cluster that scales to zero, and endpoints for online and batch scoring. Nothing in it uses keys.'

import { encryptionKeyType, everyLog, machineLearningType, profileType, tagsType } from '../types.bicep'

@description('Name of the workspace.')
param name string

@description('Name people see.')
param displayName string

@description('What names of endpoints end with; unique in the region.')
param suffix string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict workspaces train on dedicated nodes only.')
param profile profileType

@description('Size of the cluster.')
param machineLearning machineLearningType

@description('Resource id of the managed identity of the workspace.')
param workspaceIdentityId string

@description('Resource id of the managed identity that jobs and endpoints run as.')
param runtimeIdentityId string

@description('Resource id of the storage account.')
param storageId string

@description('Resource id of the key vault.')
param vaultId string

@description('Resource id of the container registry.')
param registryId string

@description('Resource id of the Application Insights component.')
param insightsId string

@description('Key of the project that encrypts the data; Azure\'s own when left out.')
param encryptionKey encryptionKeyType?

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource workspace 'Microsoft.MachineLearningServices/workspaces@2025-06-01' = {
  name: name
  location: location
  tags: tags
  kind: 'Default'
  sku: {
    name: 'Basic'
    tier: 'Basic'
  }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: union(
      {
        '${workspaceIdentityId}': {}
      },
      encryptionKey == null
        ? {}
        : {
            '${encryptionKey!.identityId}': {}
          }
    )
  }
  properties: union(
    {
      friendlyName: displayName
      primaryUserAssignedIdentity: workspaceIdentityId
      applicationInsights: insightsId
      containerRegistry: registryId
      keyVault: vaultId
      storageAccount: storageId
      systemDatastoresAuthMode: 'Identity'
      publicNetworkAccess: 'Disabled'
      managedNetwork: {
        isolationMode: 'AllowOnlyApprovedOutbound'
        firewallSku: 'Standard'
      }
      provisionNetworkNow: true
      v1LegacyMode: false
    },
    encryptionKey == null
      ? {}
      : {
          encryption: {
            status: 'Enabled'
            identity: {
              userAssignedIdentity: encryptionKey!.identityId
            }
            keyVaultProperties: {
              identityClientId: encryptionKey!.clientId
              keyIdentifier: encryptionKey!.version
              keyVaultArmId: encryptionKey!.vaultId
            }
          }
        }
  )
}

resource cluster 'Microsoft.MachineLearningServices/workspaces/computes@2025-06-01' = {
  parent: workspace
  name: 'cpu-cluster'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${runtimeIdentityId}': {}
    }
  }
  properties: {
    computeType: 'AmlCompute'
    disableLocalAuth: true
    properties: {
      enableNodePublicIp: false
      isolatedNetwork: false
      osType: 'Linux'
      remoteLoginPortPublicAccess: 'Disabled'
      scaleSettings: {
        minNodeCount: 0
        maxNodeCount: machineLearning.maxNodes
        nodeIdleTimeBeforeScaleDown: 'PT15M'
      }
      vmPriority: profile == 'strict' ? 'Dedicated' : 'LowPriority'
      vmSize: machineLearning.vmSize
    }
  }
}

resource online 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints@2025-06-01' = {
  parent: workspace
  name: 'score-${suffix}'
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${runtimeIdentityId}': {}
    }
  }
  properties: {
    authMode: 'AADToken'
    publicNetworkAccess: 'Disabled'
  }
}

resource batch 'Microsoft.MachineLearningServices/workspaces/batchEndpoints@2025-06-01' = {
  parent: workspace
  name: 'batch-${suffix}'
  location: location
  tags: tags
  properties: {
    authMode: 'AADToken'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: workspace
  name: 'coe'
  properties: {
    workspaceId: workspaceId
    logs: everyLog
    metrics: [
      {
        category: 'AllMetrics'
        enabled: true
      }
    ]
  }
}

@description('Resource id of the workspace.')
output id string = workspace.id
