resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'a' }
resource z 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'z' }
resource b 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'b'
  dependsOn: [z, a]
}
