func names(items object[]) string[] => map(items, i => i.name)
output x array = names([{ name: 'a' }])
