type node = { value: int, next: node? }
param list node
