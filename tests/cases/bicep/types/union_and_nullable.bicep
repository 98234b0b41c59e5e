type level = 'low' | 'high'
type rule = {
  @minLength(3)
  name: string
  level: level
  exceptions: string[]?
  limit: 1 | 5 | 10
}
param rules rule[] = []
param one rule?
output level string = one.?level ?? 'low'
output names array = map(rules, r => r.name)
