import { box, twice } from '../parts/shared.bicep'
param b box
output o string = twice('x')
