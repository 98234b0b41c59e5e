// a line comment
var a = 1 // after
/* a block
   comment */
var b = [ // inside
  1 /* here */
]
#disable-next-line no-unused-vars
var c = 2
