param a 'x' | 'b' | 'a'
param b 1 | 2 | 10
param c ('x' | 'y')?
param d 'a' | null
param e
  | 'first'
  | 'second'
