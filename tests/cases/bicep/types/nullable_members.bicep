type t = { a: string?, b: int }
param p t?
output o string = p.?a ?? 'none'
