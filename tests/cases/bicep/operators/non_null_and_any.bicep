param a string?
var x = any({ k: 1 })
var y = a!
var z = (a)
output w object = any('text')
