param groups array
var pairs = flatten(map(groups, group => map(group.members, member => '${group.name}/${member}')))
var total = reduce(map(groups, g => length(g.members)), 0, (sum, next) => sum + next)
var byName = toObject(groups, g => g.name, g => filter(g.members, m => m != g.name))
output pairs array = sort(pairs, (a, b) => a < b)
output total int = total
output byName object = byName
