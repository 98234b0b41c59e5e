type base = 'c' | 'a'
type more = base | 'b'
param a more
