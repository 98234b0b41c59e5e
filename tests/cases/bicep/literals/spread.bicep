param more array
param props object
var a = [0, ...more, 9]
var o = { a: 1, ...props, b: 2 }
var only = [...more]
var onlyObject = { ...props }
