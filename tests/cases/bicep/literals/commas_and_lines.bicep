var a = [1, 2, 3]
var b = [
  1
  2
]
var o = { a: 1, b: 2 }
