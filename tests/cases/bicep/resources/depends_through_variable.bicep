resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = { name: 'a' }
var id = a.id
var other = { id: id }
resource b 'Microsoft.Network/publicIPAddresses@2023-09-01' = {
  name: 'b'
  properties: { x: other }
}
