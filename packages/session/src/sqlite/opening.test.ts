import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { newSession, roomy } from '../testing/store-fixture.js'
import { sqliteError, temporaryFile, watchDatabase } from './databases.fixture.js'
import { createSqliteStore } from './index.js'

/** A file with a store that holds nothing. */
async function emptyStore(): Promise<string> {
  const path = temporaryFile()
  await openAndClose(path)
  return path
}

async function openAndClose(path: string): Promise<void> {
  const store = createSqliteStore({ path })
  await store.open()
  await store.close()
}

/** What a file and its WAL file have in them. */
function bytesOf(path: string): string[] {
  return [path, `${path}-wal`].map((file) => (existsSync(file) ? readFileSync(file, 'latin1') : ''))
}

describe('opening a SQLite store', () => {
  it('makes the file, for its owner only', async () => {
    const path = await emptyStore()
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(existsSync(`${path}-wal`)).toBe(false)
    const database = new DatabaseSync(path)
    onTestFinished(() => database.close())
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 })
    expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0x434c5159 })
  })

  it('takes a file that is empty', async () => {
    const path = temporaryFile()
    writeFileSync(path, '')
    await openAndClose(path)
    await openAndClose(path)
    expect(statSync(path).size).toBeGreaterThan(0)
  })

  it('leaves nothing beside the file when it is closed, and one file while it is open', async () => {
    const path = temporaryFile()
    const beside = () => readdirSync(dirname(path)).sort()
    for (let n = 0; n < 3; n += 1) {
      const store = createSqliteStore({ path })
      await store.open()
      expect(beside()).toEqual(['colloquy.db', 'colloquy.db-wal'])
      await store.close()
      expect(beside()).toEqual(['colloquy.db'])
    }
  })

  it.each(['a b', 'a%20b', 'a?b', 'a#b', 'file:a', '-', 'é'])(
    'takes a file of any name: %s',
    async (name) => {
      const path = join(dirname(temporaryFile()), name)
      await openAndClose(path)
      await openAndClose(path)
      expect(readdirSync(dirname(path))).toEqual([name])
    },
  )

  it('makes no folder, and says what to do', async () => {
    const path = join(dirname(temporaryFile()), 'missing', 'colloquy.db')
    await expect(openAndClose(path)).rejects.toMatchObject({
      code: 'store_unavailable',
      message:
        `The SQLite file ${path} can't be made: there is no folder ${dirname(path)}. ` +
        `Make it first: mkdir -p '${dirname(path)}'`,
    })
    expect(existsSync(dirname(path))).toBe(false)
    mkdirSync(dirname(path))
    await openAndClose(path)
  })

  it('refuses a folder', async () => {
    const path = dirname(temporaryFile())
    await expect(openAndClose(path)).rejects.toThrow(`The SQLite file ${path} is no file. Use another path.`)
  })

  it('refuses a file that is no SQLite database, and leaves it as it is', async () => {
    const path = temporaryFile()
    writeFileSync(path, 'a shopping list\n'.repeat(100))
    const before = bytesOf(path)
    await expect(openAndClose(path)).rejects.toThrow(
      `The SQLite file ${path} is no SQLite database. It was left as it is: use another file.`,
    )
    expect(bytesOf(path)).toEqual(before)
  })

  it.each([
    ['with tables', 'CREATE TABLE orders (id INTEGER)'],
    ['with an id of its own', 'PRAGMA application_id = 7; CREATE TABLE orders (id INTEGER)'],
    ['with an id of its own and no tables', 'PRAGMA application_id = 7'],
    ['with a version of its own and no tables', 'PRAGMA user_version = 1'],
    ['in WAL mode', 'PRAGMA journal_mode = WAL; CREATE TABLE orders (id INTEGER)'],
  ])("refuses another program's database %s, and leaves it as it is", async (_, sql) => {
    const path = temporaryFile()
    const database = new DatabaseSync(path)
    database.exec(sql)
    database.close()
    const before = bytesOf(path)
    await expect(openAndClose(path)).rejects.toThrow(
      `The SQLite file ${path} belongs to another program. It was left as it is: use another file.`,
    )
    expect(bytesOf(path)).toEqual(before)
  })

  it('refuses a database of a newer version, and leaves it as it is', async () => {
    const path = await emptyStore()
    const database = new DatabaseSync(path)
    database.exec('PRAGMA user_version = 99')
    database.close()
    const before = bytesOf(path)
    await expect(openAndClose(path)).rejects.toThrow(
      `The SQLite file ${path} was written by a newer version of this program (schema 99; this one knows up to 1). ` +
        'It was left as it is: use the newer version, or another file.',
    )
    expect(bytesOf(path)).toEqual(before)
  })

  it('refuses a database of a newer version whose process was killed, and leaves it as it is', async () => {
    const living = await emptyStore()
    const database = new DatabaseSync(living)
    onTestFinished(() => database.close())
    database.exec('PRAGMA user_version = 99; CREATE TABLE novelties (id INTEGER)')
    const path = temporaryFile()
    for (const end of ['', '-wal']) copyFileSync(living + end, path + end)
    const before = bytesOf(path)
    expect(before[1]).not.toBe('')
    await expect(openAndClose(path)).rejects.toThrow('a newer version of this program (schema 99;')
    expect(bytesOf(path)).toEqual(before)
  })

  it.each<[string, DatabaseSyncOptions]>([
    ['integers as BigInts', { readBigInts: true }],
    ['rows as arrays', { returnArrays: true }],
  ])('refuses a handle that returns %s', async (_, options) => {
    const database = new DatabaseSync(':memory:', options)
    await expect(createSqliteStore({ database }).open()).rejects.toThrow(
      'The SQLite database returns integers or rows in a form of its own.',
    )
    expect(database.prepare('SELECT * FROM sqlite_schema').all()).toEqual([])
  })

  it('refuses a handle that can not write', async () => {
    const path = await emptyStore()
    const database = new DatabaseSync(path, { readOnly: true })
    onTestFinished(() => database.close())
    await expect(createSqliteStore({ database }).open()).rejects.toThrow(
      "The SQLite database can't be read or locked. It has to be writable, and on a file system that knows locks.",
    )
  })

  // Nothing is read-only to root.
  it.skipIf(process.getuid?.() === 0).each([
    ['file', (path: string) => path, 0o400],
    ['folder', dirname, 0o500],
  ])('refuses a %s that it may not write', async (_, locate, mode) => {
    const path = await emptyStore()
    chmodSync(locate(path), mode)
    onTestFinished(() => chmodSync(locate(path), 0o700))
    await expect(openAndClose(path)).rejects.toThrow(
      `The SQLite file ${path} can't be written. Give this user the right to write it and its folder.`,
    )
  })

  it('takes a handle that has been given another form, as long as it is empty', async () => {
    const database = new DatabaseSync(temporaryFile())
    onTestFinished(() => database.close())
    database.exec('PRAGMA journal_mode = WAL')
    const store = createSqliteStore({ database })
    await store.open()
    expect(database.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 })
    await store.close()
  })

  it('makes all tables or none: what could not be finished is begun again', async () => {
    const path = temporaryFile()
    const database = new DatabaseSync(path)
    onTestFinished(() => database.close())
    const watched = watchDatabase(database)
    watched.before = (sql) => {
      if (sql.includes('user_version =')) throw sqliteError(13, 'database or disk is full')
    }
    const store = createSqliteStore({ database: watched })
    await expect(store.open()).rejects.toThrow(
      "The SQLite database can't grow: there is no space left. Make room on its disk.",
    )
    expect(database.prepare('SELECT name FROM sqlite_schema').all()).toEqual([])
    expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0 })
    watched.before = () => {}
    await store.open()
    expect(await store.countSessions(0)).toBe(0)
    await store.close()
  })

  it.each([
    ['node:sqlite', sqliteError(4874, 'disk I/O error')],
    ['better-sqlite3', Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR_SHMSIZE' })],
  ])('says that the disk is full where %s only speaks of an I/O error', async (_, error) => {
    const database = new DatabaseSync(temporaryFile())
    onTestFinished(() => database.close())
    const watched = watchDatabase(database)
    watched.before = () => {
      throw error // what a file gets that has a WAL file, of a process that was killed, on a disk with no room for more
    }
    await expect(createSqliteStore({ database: watched }).open()).rejects.toThrow(
      "The SQLite database can't grow: there is no space left. Make room on its disk.",
    )
  })

  it('refuses a file that lacks a table, and lets go of it', async () => {
    const path = await emptyStore()
    const database = new DatabaseSync(path)
    onTestFinished(() => database.close())
    database.exec('DROP TABLE events')
    await expect(openAndClose(path)).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining(`The SQLite file ${path} `),
    })
    database.exec('CREATE TABLE events (id INTEGER PRIMARY KEY, lines TEXT NOT NULL) STRICT')
    database.close()
    await openAndClose(path)
    database.open()
  })

  it('tells of damage when it is asked to look for it', async () => {
    const path = temporaryFile()
    const store = createSqliteStore({ path })
    await store.open()
    for (let n = 0; n < 500; n += 1) await store.createSession(newSession(`sess_${n}`), roomy)
    expect(await store.integrityCheck()).toEqual([])
    await store.close()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xff, bytes.length - 4_096))
    await store.open()
    expect(await store.integrityCheck()).not.toEqual([])
    await store.close()
  })

  it('tells what it is about, with the cause', async () => {
    const path = temporaryFile()
    writeFileSync(path, 'x'.repeat(5_000))
    const error = await openAndClose(path).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'SessionError', code: 'store_unavailable' })
    expect(error).toHaveProperty('cause.errcode', 26)
  })
})
