import { size, prefix } from '../parts/shared.bicep'
param s size = 'small'
output o string = prefix
