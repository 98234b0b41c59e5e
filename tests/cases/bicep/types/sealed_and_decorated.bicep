@sealed()
@description('Closed.')
type closed = { a: string }
@minLength(2)
type short = string
@minValue(1)
type positive = int
@secure()
type secret = string
param s secret
