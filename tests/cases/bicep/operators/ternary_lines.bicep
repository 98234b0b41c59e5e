param a bool
var x = a
  ? 'yes'
  : 'no'
var y = a ? a ? 1 : 2 : 3
