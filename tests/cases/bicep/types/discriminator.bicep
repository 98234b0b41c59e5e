type cat = { kind: 'cat', lives: int }
type dog = { kind: 'dog', name: string }
@discriminator('kind')
type pet = cat | dog | { kind: 'fish' }
@discriminator('kind')
param p pet | { kind: 'bird' }
