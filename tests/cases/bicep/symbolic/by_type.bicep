type t = string
resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'a' }
resource b 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'b'
  properties: { x: a.properties.ipAddress, y: a.sku.name }
}
