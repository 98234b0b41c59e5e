param names array
var a = [for n in names: n]
var b = [for (n, i) in names: '${i}${n}']
var c = [for i in range(0, 3): { index: i }]
var d = [for n in names: [n]]
var e = [for i in range(0, 2): 1]
