param x string
var one = 'a${x}b'
var braces = '{${x}}'
var nested = 'a${'b${x}'}c'
var two = '${x}${x}'
var call = '${toUpper('${x}!')}'
