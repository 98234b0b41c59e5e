param s string
param i int
param b bool
param a array
param o object
