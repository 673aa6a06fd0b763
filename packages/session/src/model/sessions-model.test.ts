import { describe, expect, it } from 'vitest'
import { commandsTimeout, holdCommands } from './hold-commands.fixture.js'
import { modelStores } from './model-stores.fixture.js'

describe.each(modelStores)('a session manager over the $name store', (store) => {
  it('does as a simple model of it says, whatever is done in whatever order', {
    timeout: commandsTimeout,
  }, async () => {
    await expect(holdCommands(store, 100)).resolves.toBeUndefined()
  })
})
