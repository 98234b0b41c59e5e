param a array
output all array = [
  map(a, x => x.name)
  filter(a, (x, i) => i > 0 && x.on)
  sort(a, (l, r) => l < r)
  toObject(a, x => x.id, x => { name: x.name })
  reduce(a, 0, (acc, x) => acc + x)
]
