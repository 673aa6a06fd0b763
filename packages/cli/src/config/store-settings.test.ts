import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { faultOf, readAll } from './read-config.fixture.js'

describe('the store', () => {
  it('is memory, unless one is named', async () => {
    const { config, origins } = await readAll()
    expect(config).toMatchObject({ store: 'memory', dataDir: null })
    expect(origins.store).toEqual({ kind: 'default' })
  })

  it('is a file, whose path counts from the working directory, or from the folder of the file that names it', async () => {
    const named = await readAll({ flags: { store: 'sqlite:data/a.db' } })
    expect(named.config.store).toBe(`sqlite:${join(named.cwd, 'data/a.db')}`)
    expect((await readAll({ env: { COLLOQUY_STORE: 'sqlite:/var/a.db' } })).config.store).toBe(
      'sqlite:/var/a.db',
    )
    const inFile = await readAll(
      { flags: { config: 'etc/colloquy.config.json' } },
      { 'etc/colloquy.config.json': '{ "store": "sqlite:a.db", "dataDir": "data" }' },
    )
    expect(inFile.config).toMatchObject({
      store: `sqlite:${join(inFile.cwd, 'etc/a.db')}`,
      dataDir: join(inFile.cwd, 'etc/data'),
    })
  })

  it('comes with a data folder, and is said to come from there', async () => {
    const { config, origins, cwd } = await readAll({ env: { COLLOQUY_DATA_DIR: 'data' } })
    expect(config).toMatchObject({
      dataDir: join(cwd, 'data'),
      store: `sqlite:${join(cwd, 'data/colloquy.db')}`,
    })
    expect(origins.store).toEqual({ kind: 'variable', name: 'COLLOQUY_DATA_DIR' })
    const inFile = await readAll(
      { flags: { config: 'etc/colloquy.config.json' } },
      { 'etc/colloquy.config.json': '{ "dataDir": "data" }' },
    )
    expect(inFile.config.store).toBe(`sqlite:${join(inFile.cwd, 'etc/data/colloquy.db')}`)
  })

  it('is the one that is named also beside a data folder', async () => {
    const env = { COLLOQUY_DATA_DIR: '/data' }
    expect((await readAll({ env, flags: { store: 'memory' } })).config.store).toBe('memory')
    const inFile = await readAll({ env }, { 'colloquy.config.json': '{ "store": "memory" }' })
    expect(inFile.config.store).toBe('memory')
    expect(inFile.origins.store).toMatchObject({ kind: 'configFile' })
  })

  it.each(['redis', 'sqlite', 'sqlite:', 'sqlite: ', 'sqlite::memory:', 'Memory', 'data/a.db'])(
    'is not %j',
    async (store) => {
      expect(await faultOf({ flags: { store } })).toContain(
        `--store: ${JSON.stringify(store)} is not memory, or sqlite: and the path of a file. Example: --store sqlite:colloquy.db`,
      )
    },
  )
})
