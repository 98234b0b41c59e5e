param a sys.string
param b sys.int[]
