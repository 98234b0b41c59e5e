param a string
output same bool = a =~ 'X'
output other bool = a !~ 'X'
