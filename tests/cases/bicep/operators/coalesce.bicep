param a string?
param b string?
output x string = a ?? b ?? 'c'
