import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { createSqliteStore } from '@colloquy/session/sqlite'
import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'

describe('colloquy sessions check', () => {
  it('says that a file is in order, and how many sessions it has', async () => {
    const { sessions, path } = await storeFolder({ a: [1], b: [0] })
    expect(await sessions('check')).toEqual({
      exitCode: 0,
      stdout: `${path} is in order, and has 2 sessions.\n`,
      stderr: '',
    })
  })

  /** Writes over a table or an index of a database. */
  const damage = (path: string, name: string) => {
    const database = new DatabaseSync(path)
    const row = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(name)
    const size = database.prepare('PRAGMA page_size').get()
    database.close()
    const bytes = readFileSync(path)
    const [page, length] = [Number(row?.['rootpage']), Number(size?.['page_size'])]
    writeFileSync(path, bytes.fill(0x5a, (page - 1) * length, page * length))
  }

  it('says what is wrong with one that is damaged', async () => {
    const { sessions, path } = await storeFolder({ a: [1] })
    damage(path, 'keys_by_end')
    const { exitCode, stdout, stderr } = await sessions('check')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(
      /^\/.*colloquy\.db is damaged:\n( {2}.*\n)+Bring back a copy of it, or save what can be read: colloquy sessions export/,
    )
    expect(await sessions('export')).toMatchObject({ exitCode: 0, stderr: 'Exported 1 session.\n' })
  })

  it('tells what it found as JSON when asked to, with the same exit codes', async () => {
    const { sessions, path } = await storeFolder({ a: [1] })
    const { exitCode, stdout } = await sessions('check', '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ file: path, sessions: 1, findings: [] })
    damage(path, 'keys_by_end')
    const damaged = await sessions('check', '--json')
    expect(damaged.exitCode).toBe(1)
    expect(JSON.parse(damaged.stdout)).toEqual({ file: path, sessions: null, findings: [expect.any(String)] })
  })

  it('is what other commands ask for when they find damage', async () => {
    const { sessions, path } = await storeFolder({ a: [1] })
    damage(path, 'messages')
    const { exitCode, stderr } = await sessions('export', '--output', 'out.jsonl')
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      `The SQLite file ${path} is damaged. Bring back a copy of it; colloquy sessions check tells what is wrong.\n`,
    )
  })
})

describe('a store that a server has', () => {
  it.each([['export'], ['check'], ['delete', '--owner', 'a', '--yes'], ['import', 'in.jsonl']])(
    'is left alone by colloquy sessions %s, which says what to do',
    async (...argv) => {
      const { cwd, path, exported } = await storeFolder({ a: [1] })
      await runMain(['sessions', 'export', '--data-dir', 'data', '--output', 'in.jsonl'], { cwd })
      const server = createSqliteStore({ path })
      await server.open()
      const { exitCode, stdout, stderr } = await runMain(['sessions', ...argv, '--data-dir', 'data'], { cwd })
      await server.close()
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
      expect(stderr).toBe(
        `The SQLite file ${path} is locked: another process has it, such as a server that runs. ` +
          'Stop that first, or use the HTTP API of the server.\n',
      )
      expect(await exported()).toHaveLength(1)
    },
  )
})
