metadata description = 'A template.'
metadata owner = { team: 'x', ids: [1, 2] }
