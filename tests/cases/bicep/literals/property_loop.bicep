param names array
var o = {
  fixed: 1
  items: [for n in names: { name: n }]
}
