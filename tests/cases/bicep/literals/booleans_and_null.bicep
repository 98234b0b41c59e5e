var yes = true
var no = false
var nothing = null
output kept object = { a: true, b: null }
output called bool = contains([true], false)
