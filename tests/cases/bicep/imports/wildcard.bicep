import * as shared from '../parts/shared.bicep'
param b shared.box
output o string = shared.join2(shared.prefix, 'x')
output t string = shared.twice('y')
