import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startMain, terminal } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'

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
      `${path} has not any session of "web-shop": nothing was deleted.\n`,
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
      `${path} has not the session "${first}": nothing was deleted.\n`,
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
    expect(await exported()).toHaveLength(left)
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
    expect(await sessions('delete', '--yes')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'Say whose sessions, or which one. Example: colloquy sessions delete --owner web-shop\n',
    })
  })
})
