import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testSessionStore } from '../testing/index.js'
import { betterDatabase, temporaryFile } from './databases.fixture.js'
import { createSqliteStore } from './index.js'

testSessionStore({ describe, it }, 'SQLite in memory', () => createSqliteStore({ path: ':memory:' }))

testSessionStore({ describe, it }, 'SQLite in a file', () => createSqliteStore({ path: temporaryFile() }))

testSessionStore({ describe, it }, 'SQLite by a handle like that of better-sqlite3', () =>
  createSqliteStore({ database: betterDatabase(':memory:') }),
)

describe('a SQLite store', () => {
  it('says what it is', () => {
    const { kind, isExclusive } = createSqliteStore({ path: ':memory:' })
    expect([kind, isExclusive]).toEqual(['sqlite', true])
  })

  it('refuses calls before it is open and after it is closed', async () => {
    const store = createSqliteStore({ path: ':memory:' })
    await expect(store.countSessions(0)).rejects.toThrow('The SQLite store is not open: call open() first.')
    await store.open()
    await expect(store.countSessions(0)).resolves.toBe(0)
    await store.close()
    await expect(store.collectExpired(0, 1)).rejects.toThrow('not open')
    await store.close()
  })

  it('leaves a handle open that it was given', async () => {
    const database = new DatabaseSync(temporaryFile())
    onTestFinished(() => database.close())
    const store = createSqliteStore({ database })
    await store.open()
    await store.close()
    expect(database.prepare('SELECT sessions FROM totals').get()).toEqual({ sessions: 0 })
  })
})
