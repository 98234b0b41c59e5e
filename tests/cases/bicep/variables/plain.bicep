param p string
var a = p
var b = '${a}!'
output o string = b
