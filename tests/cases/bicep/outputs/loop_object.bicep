param a array
output o array = [for (x, i) in a: { i: i, x: x }]
