import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { createSessionManager } from '@colloquy/session'
import { createSqliteStore } from '@colloquy/session/sqlite'
import { describe, expect, it } from 'vitest'
import { startMain, terminal } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'

/** How often a message says its owner again: of all sizes, so that pages are split and joined. */
const sizes = [1, 9, 15, 50, 60, 225, 10, 250, 48, 750, 11, 52, 2_250, 220, 12]

/**
 * Keeps 60 sessions of `GONE`, and 60 of `KEPT`, who say nothing but their names. They are answered by twenties, so that
 * they lie side by side in the file.
 */
async function keepMixedSessions(path: string): Promise<void> {
  const manager = createSessionManager({
    store: createSqliteStore({ path }),
    chat: {
      name: 'repeater',
      reply: async function* (message) {
        for (let part = 0; part < message.length % 7; part += 1) {
          await setImmediate()
          yield message.slice(part * 4)
        }
        yield { type: 'state', state: message }
      },
    },
  })
  await manager.start()
  let next = 0
  const converse = async () => {
    while (next < 120) {
      const n = next
      next += 1
      const name = n % 2 === 0 ? 'GONE' : 'KEPT'
      const scope = manager.ownedBy(name)
      const { sessionId } = await scope.sessions.create({ metadata: { of: name } })
      for (let turn = 0; turn < 4; turn += 1) {
        const message = name.repeat((sizes[(n * 7 + turn * turn * 3) % sizes.length] ?? 0) + turn)
        const { ended } = await scope.startTurn({ sessionId, message: message + '.'.repeat(turn) })
        await ended
      }
    }
  }
  await Promise.all(Array.from({ length: 20 }, converse))
  await manager.close()
}

describe('colloquy sessions delete', () => {
  it('deletes all sessions of an owner, and no other', async () => {
    const { sessions, exported, path } = await storeFolder({ 'web-shop': [1, 2, 0], web: [1], '': [1] })
    expect(await sessions('delete', '--owner', 'web-shop', '--yes')).toEqual({
      exitCode: 0,
      stdout: 'Deleted 3 sessions.\n',
      stderr: '',
    })
    expect((await exported()).map(({ owner }) => owner).sort()).toEqual(['', 'web'])
    expect((await sessions('delete', '--owner', 'web-shop', '--yes')).stdout).toBe(
      `${path} does not have any session of "web-shop": nothing was deleted.\n`,
    )
    expect((await sessions('delete', '--owner', '', '--yes')).stdout).toBe('Deleted 1 session.\n')
    expect((await exported()).map(({ owner }) => owner)).toEqual(['web'])
  })

  it('deletes more of them than are looked at together', async () => {
    const { sessions, exported } = await storeFolder({ a: Array.from({ length: 450 }, () => 0), b: [0] })
    expect((await sessions('delete', '--owner', 'a', '--yes')).stdout).toBe('Deleted 450 sessions.\n')
    expect((await exported()).map(({ owner }) => owner)).toEqual(['b'])
  })

  it('deletes one session, whoever owns it, unless an owner is named', async () => {
    const { sessions, exported, path } = await storeFolder({ a: [1, 1] })
    const [{ sessionId: first } = { sessionId: '' }, { sessionId: second } = { sessionId: '' }] =
      await exported()
    expect((await sessions('delete', '--session', first, '--owner', 'b', '--yes')).stdout).toBe(
      `${path} does not have the session "${first}": nothing was deleted.\n`,
    )
    expect((await sessions('delete', '--session', first, '--owner', 'a', '--yes')).stdout).toBe(
      'Deleted 1 session.\n',
    )
    expect((await sessions('delete', '--session', second, '--yes')).stdout).toBe('Deleted 1 session.\n')
    expect(await exported()).toEqual([])
  })

  it('leaves nothing of them in the file, nor beside it', async () => {
    const { sessions, cwd } = await storeFolder({
      'secret-owner': Array.from({ length: 40 }, () => 5),
      other: [1],
    })
    const bytes = () =>
      readdirSync(join(cwd, 'data'))
        .map((file) => readFileSync(join(cwd, 'data', file), 'latin1'))
        .join('')
    expect(bytes()).toContain('secret-owner')
    expect(bytes().split('You said').length).toBeGreaterThan(200)
    await sessions('delete', '--owner', 'secret-owner', '--yes')
    expect(bytes()).not.toContain('secret-owner')
    // What the other session said, as its event and as its message; its turn's end has it as well.
    expect(bytes().split('You said').length - 1).toBe(3)
  })

  it('leaves no trace of their texts, however these were mixed with those of others', async () => {
    const { cwd, path, sessions } = await storeFolder({})
    await keepMixedSessions(path)
    const traces = (text: string) =>
      readdirSync(join(cwd, 'data')).flatMap((file) => {
        const count = readFileSync(join(cwd, 'data', file), 'latin1').split(text).length - 1
        return count === 0 ? [] : [`${count > 100 ? 'many' : count} in ${file}`]
      })
    expect(traces('GONE')).toEqual(['many in colloquy.db'])
    expect((await sessions('delete', '--owner', 'GONE', '--yes')).stdout).toBe('Deleted 60 sessions.\n')
    expect(traces('GONE')).toEqual([])
    expect(traces('KEPT')).toEqual(['many in colloquy.db'])
  })

  it('leaves no trace either of what was deleted before, when it finds nothing more', async () => {
    const { cwd, path, sessions } = await storeFolder({ gone: [3, 3] })
    const store = createSqliteStore({ path })
    await store.open()
    const { sessions: known } = await store.listSessions({ owner: 'gone', limit: 10 }, Date.now())
    for (const session of known) await store.deleteSession(session, Date.now())
    await store.close()
    const said = () => readFileSync(join(cwd, 'data/colloquy.db'), 'latin1').includes('You said')
    expect(said()).toBe(true)
    expect((await sessions('delete', '--owner', 'gone')).stdout).toContain('nothing was deleted')
    expect(said()).toBe(false)
  })

  it.each([
    ['y\n', 'Deleted 2 sessions.\n', 0],
    ['YES\n', 'Deleted 2 sessions.\n', 0],
    ['n\n', 'Nothing was deleted.\n', 2],
    ['\n', 'Nothing was deleted.\n', 2],
    ['yet\n', 'Nothing was deleted.\n', 2],
  ])('asks on a terminal, where %j is an answer', async (typed, stdout, left) => {
    const { cwd, path, exported } = await storeFolder({ a: [1, 0] })
    const { stdin, screen } = terminal()
    const argv = ['sessions', 'delete', '--owner', 'a', '--data-dir', 'data']
    const run = startMain(argv, { cwd, stdin, stderr: screen })
    await screen.until((text) => text.includes(`Delete 2 sessions of "a" in ${path}? [y/N] `))
    stdin.write(typed)
    expect(await run.ended).toMatchObject({ exitCode: 0, stdout })
    const anew = screen.text.includes(`Writing ${path} anew, so that nothing of them is left in it …\n`)
    expect(anew).toBe(left === 0)
    expect(await exported()).toHaveLength(left)
  })

  it('leaves also what has expired while nobody has said yes', async () => {
    const { cwd, path, exported } = await storeFolder({ a: [1], b: [1] })
    const gone = (await exported()).find(({ owner }) => owner === 'b')
    const store = createSqliteStore({ path })
    await store.open()
    const ref = { owner: 'b', sessionId: gone?.sessionId ?? '' }
    await store.updateSession(ref, { ttlMs: 1, maxPairs: 1 }, Date.now())
    await store.close()
    const said = () => readFileSync(path, 'latin1').split('You said').length
    const before = said()
    const { stdin, screen } = terminal()
    const argv = ['sessions', 'delete', '--owner', 'a', '--data-dir', 'data']
    const run = startMain(argv, { cwd, stdin, stderr: screen })
    await screen.until((text) => text.includes('[y/N]'))
    stdin.write('n\n')
    expect(await run.ended).toMatchObject({ stdout: 'Nothing was deleted.\n' })
    expect(said()).toBe(before)
  })

  it('takes the end of the input for no', async () => {
    const { cwd, exported } = await storeFolder({ a: [0] })
    const { stdin, screen } = terminal()
    const run = startMain(['sessions', 'delete', '--owner', 'a', '--data-dir', 'data'], {
      cwd,
      stdin,
      stderr: screen,
    })
    await screen.until((text) => text.includes('[y/N]'))
    stdin.end()
    expect(await run.ended).toMatchObject({ exitCode: 0, stdout: 'Nothing was deleted.\n' })
    expect(await exported()).toHaveLength(1)
  })

  it('deletes nothing where nobody can be asked', async () => {
    const { sessions, exported } = await storeFolder({ a: [0] })
    const { exitCode, stdout, stderr } = await sessions('delete', '--owner', 'a')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('Nobody can be asked here: say --yes.')
    expect(await exported()).toHaveLength(1)
  })

  it('has to be told whose sessions, or which', async () => {
    const { sessions } = await storeFolder({ a: [0] })
    const { exitCode, stderr } = await sessions('delete', '--yes')
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^Say which sessions\.\nAt a running server: .*\nIn the file of a store: .*\n$/)
  })

  it('tells how many as JSON when asked to', async () => {
    const { sessions } = await storeFolder({ a: [0, 0] })
    const deleted = async () => (await sessions('delete', '--owner', 'a', '--yes', '--json')).stdout
    expect(await deleted()).toBe('{"deleted":2}\n')
    expect(await deleted()).toBe('{"deleted":0}\n')
  })
})
