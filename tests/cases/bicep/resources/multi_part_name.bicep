param full string
resource s 'Microsoft.Network/virtualNetworks/subnets@2023-09-01' existing = { name: full }
output id string = s.id
