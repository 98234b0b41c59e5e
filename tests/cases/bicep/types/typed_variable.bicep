var a string = 'x'
var b { n: int } = { n: 1 }
