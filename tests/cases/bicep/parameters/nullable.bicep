param a string?
param b int? = 3
param c ('a' | null)?
