param names array
resource a 'Microsoft.Network/publicIPAddresses@2023-09-01' = [for n in names: { name: n }]
output addresses array = map(a, x => x.properties.ipAddress)
