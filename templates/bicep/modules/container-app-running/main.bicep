metadata name = 'Running container app'
metadata description = 'What releases last did to an application that runs: its image, and the share of the traffic that each revision gets. It changes nothing.'

@description('Name of the application; it must exist.')
param name string

resource app 'Microsoft.App/containerApps@2025-01-01' existing = {
  name: name
}

@description('Image of the newest revision.')
output image string = app.properties.template.containers[0].image

@description('Revisions, their labels and their shares of the traffic.')
output traffic array = app.properties.configuration.ingress.traffic
