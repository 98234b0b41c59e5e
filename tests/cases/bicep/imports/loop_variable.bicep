import { many } from '../parts/shared.bicep'
output o array = many
