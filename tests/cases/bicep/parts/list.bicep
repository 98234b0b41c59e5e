param items array
