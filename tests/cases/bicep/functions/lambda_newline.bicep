param a array
output x array = map(
  a,
  x =>
    x.name
)
