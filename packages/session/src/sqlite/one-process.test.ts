import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newSession, roomy } from '../testing/store-fixture.js'
import { temporaryFile } from './databases.fixture.js'
import { createSqliteStore } from './index.js'
import { StoreProcess } from './store-process-client.fixture.js'

const inUse = /is in use by another process. One process at a time can have it/

describe('a SQLite file', () => {
  it('is refused to a second process, and free when the first has closed it', async () => {
    const path = temporaryFile()
    const other = new StoreProcess(path)
    await other.call('open')
    const store = createSqliteStore({ path })
    await expect(store.open()).rejects.toThrow(inUse)
    await expect(other.call('createSession', newSession('sess_1'), roomy)).resolves.toMatchObject({
      outcome: 'created',
    })
    await expect(store.open()).rejects.toThrow(inUse)
    await other.call('close')
    await store.open()
    expect(await store.countSessions(0)).toBe(1)
    await store.close()
  })

  it('is refused to a process while this one has it, also when it has written nothing', async () => {
    const path = temporaryFile()
    const store = createSqliteStore({ path })
    await store.open()
    const other = new StoreProcess(path)
    await expect(other.call('open')).rejects.toThrow(inUse)
    await store.close()
    await other.call('open')
  })

  it('is free as soon as the process that had it was killed', async () => {
    const path = temporaryFile()
    const other = new StoreProcess(path)
    await other.call('open')
    await other.call('createSession', newSession('sess_1'), roomy)
    await other.kill()
    const store = createSqliteStore({ path })
    await store.open()
    expect(await store.countSessions(0)).toBe(1)
    await store.close()
    expect(readdirSync(dirname(path))).toEqual(['colloquy.db'])
  })

  it('is refused to a second store of the same process', async () => {
    const path = temporaryFile()
    const store = createSqliteStore({ path })
    await store.open()
    await expect(createSqliteStore({ path }).open()).rejects.toThrow(inUse)
    await store.createSession(newSession('sess_1'), roomy)
    // Closing the second one has not let go of the first one's lock.
    await expect(new StoreProcess(path).call('open')).rejects.toThrow(inUse)
    await store.close()
  })

  it('is refused by whoever brings a handle, and to others while a handle has it that was used before', async () => {
    const path = temporaryFile()
    const database = new DatabaseSync(path)
    onTestFinished(() => database.close())
    database.exec('PRAGMA journal_mode = WAL')
    database.prepare('SELECT * FROM sqlite_schema').all()
    const store = createSqliteStore({ database })
    await store.open()
    await expect(new StoreProcess(path).call('open')).rejects.toThrow(inUse)
    const second = new DatabaseSync(path)
    onTestFinished(() => second.close())
    await expect(createSqliteStore({ database: second }).open()).rejects.toThrow(
      /^The SQLite database is in use by another process/,
    )
    await store.close()
  })

  it('can be opened once another program lets go of it', async () => {
    const path = temporaryFile()
    const first = createSqliteStore({ path })
    await first.open()
    await first.close()
    const program = new DatabaseSync(path)
    onTestFinished(() => program.close())
    program.exec('BEGIN IMMEDIATE')
    const store = createSqliteStore({ path })
    await expect(store.open()).rejects.toThrow(inUse)
    program.close()
    await store.open()
    await store.createSession(newSession('sess_1'), roomy)
    await store.close()
    program.open()
  })
})
