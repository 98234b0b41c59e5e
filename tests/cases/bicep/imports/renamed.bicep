import { size as big, join2 as glue } from '../parts/shared.bicep'
param s big
output o string = glue('a', 'b')
