metadata name = 'Container Apps'
metadata description = 'A Container Apps environment inside the virtual network, and the application in it as soon as it has an image. Releases move its traffic between revisions; a deployment without an image keeps what they left. The application runs as a managed identity, pulls with it, and answers inside the network only.'

import { applicationType, everyLog, profileType, signInType, tagsType } from '../types.bicep'

@description('Name of the environment.')
param name string

@description('Name of the application.')
param appName string

@description('Region.')
param location string

@description('Tags.')
param tags tagsType

@description('Strict environments are zone redundant and always keep two replicas.')
param profile profileType

@description('Resource id of the subnet; no other environment may use it.')
param subnetId string

@description('The application; without it the environment waits for the first image, and an application that runs is left alone.')
param application applicationType?

@description('How people sign in; without it the platform lets everybody in the network ask, and the application knows nobody.')
param signIn signInType?

@description('Resource id of the managed identity that the application runs as.')
param identityId string

@description('Resource ids of further identities that the application signs in as: those of its tools.')
param toolIdentityIds string[] = []

@description('Login server of the container registry.')
param registryServer string

@description('Environment variables of the application.')
param settings tagsType

@description('Resource id of the Log Analytics workspace that receives diagnostics.')
param workspaceId string

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: {
      destination: 'azure-monitor'
    }
    peerAuthentication: {
      mtls: {
        enabled: true
      }
    }
    peerTrafficConfiguration: {
      encryption: {
        enabled: true
      }
    }
    vnetConfiguration: {
      infrastructureSubnetId: subnetId
      internal: true
    }
    workloadProfiles: [
      {
        name: 'Consumption'
        workloadProfileType: 'Consumption'
      }
    ]
    zoneRedundant: profile == 'strict'
  }
}

var keepsWhatRuns = application != null && application.?image == null

module running '../container-app-running/main.bicep' = if (keepsWhatRuns) {
  params: {
    name: appName
  }
}

resource app 'Microsoft.App/containerApps@2025-01-01' = if (application != null) {
  name: appName
  location: location
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(concat([identityId], toolIdentityIds), id => id, id => {})
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Multiple'
      ingress: {
        allowInsecure: false
        external: true
        targetPort: application.?port ?? 8000
        transport: 'auto'
        traffic: keepsWhatRuns
          ? running!.outputs.traffic
          : [
              {
                latestRevision: true
                weight: 100
              }
            ]
      }
      registries: [
        {
          identity: identityId
          server: registryServer
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'app'
          image: keepsWhatRuns ? running!.outputs.image : application.?image ?? ''
          env: [
            for item in items(settings): {
              name: item.key
              value: item.value
            }
          ]
          resources: {
            cpu: 1
            memory: '2Gi'
          }
        }
      ]
      scale: {
        minReplicas: profile == 'strict' ? 2 : 0
        maxReplicas: application.?maxReplicas ?? 3
      }
    }
  }
}

resource authentication 'Microsoft.App/containerApps/authConfigs@2025-01-01' = if (application != null && signIn != null) {
  parent: app
  name: 'current'
  properties: {
    platform: {
      enabled: true
    }
    httpSettings: {
      requireHttps: true
    }
    globalValidation: {
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      excludedPaths: [
        '/healthz'
        '/readyz'
      ]
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: signIn.?clientId ?? ''
          openIdIssuer: '${az.environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [
            signIn.?clientId ?? ''
          ]
        }
      }
    }
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
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

@description('Resource id of the environment.')
output id string = environment.id

@description('Address of the environment inside the network.')
output address string = environment.properties.staticIp

@description('Domain that applications of the environment answer on.')
output domain string = environment.properties.defaultDomain
