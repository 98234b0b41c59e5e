type pair = { a: string, b: int }
func describe(p pair, names string[]) { text: string } => { text: '${p.a}${p.b}${names[0]}' }
output x object = describe({ a: 'x', b: 1 }, ['n'])
