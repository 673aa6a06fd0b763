import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const echo = 'export default async function* echo(message: string) { yield `You said: ${message}` }'

/** A folder with a module that answers, and how to serve it with a store there. */
function serving(source = echo) {
  const cwd = writeFolder({ 'bot.ts': source })
  const data = join(cwd, 'data')
  const start = (...argv: string[]) => {
    const bin = spawnBin(['serve', join(cwd, 'bot.ts'), '--port', '0', '--data-dir', data, ...argv])
    onTestFinished(bin.kill)
    return { ...bin, listening: () => bin.stdout.logLine((line) => 'url' in line) }
  }
  return { cwd, data, file: join(data, 'colloquy.db'), start }
}

const say = (url: unknown, body: object) =>
  fetch(`${String(url)}/api/v1/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('colloquy serve with a data folder', () => {
  it('makes it for its owner only, and keeps sessions there', async () => {
    const { data, start } = serving()
    const { child, listening, ended } = start()
    expect(await listening()).toMatchObject({ store: 'sqlite' })
    expect(statSync(data).mode & 0o777).toBe(0o700)
    expect(statSync(join(data, 'colloquy.db')).mode & 0o777).toBe(0o600)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(readdirSync(data)).toEqual(['colloquy.db'])
  })

  it('goes on with its sessions when it was killed', async () => {
    const { start } = serving(
      'export default (message: string, { history }: { history: unknown[] }) => `${history.length}: ${message}`',
    )
    const first = start()
    const { url } = await first.listening()
    const { session_id, content } = (await (await say(url, { message: 'one' })).json()) as Record<
      string,
      string
    >
    expect(content).toBe('0: one')
    first.child.kill('SIGKILL')
    await first.ended
    const second = start()
    const again = await say((await second.listening())['url'], { session_id, message: 'two' })
    expect(await again.json()).toMatchObject({ content: '2: two' })
  })

  it('ends the turns that it left when it was killed, and keeps what they had said', async () => {
    const { start } = serving(`export default async function* () {
      yield 'as far as this'
      await new Promise(() => {})
    }`)
    const first = start()
    const response = await say((await first.listening())['url'], { message: 'Hello', stream: true })
    const [session, turn] = ['x-session-id', 'x-turn-id'].map((name) => response.headers.get(name))
    let seen = ''
    const decoder = new TextDecoder()
    for await (const bytes of response.body ?? []) {
      seen += decoder.decode(bytes as Uint8Array, { stream: true })
      if (seen.includes('as far as this')) break
    }
    first.child.kill('SIGKILL')
    await first.ended
    const second = start()
    const { url } = await second.listening()
    expect(second.stdout.logLines()).toContainEqual(
      expect.objectContaining({ level: 40, turns: 1, msg: 'turns interrupted that a stopped process left' }),
    )
    const events = await fetch(`${String(url)}/api/v1/sessions/${session}/turns/${turn}/events`, {
      headers: { 'Last-Event-ID': '1' },
    })
    expect(await events.text()).toMatch(
      /^(retry: 1000\n)?id: 2\n(retry: 1000\n)?event: text\.delta\ndata: .*as far as this.*\n\nid: 3\nevent: turn\.interrupted\ndata: .*"restart".*\n\n$/,
    )
  })

  it('makes the folder of a file that is named', async () => {
    const { cwd, data, start } = serving()
    const { listening } = start('--store', `sqlite:${join(cwd, 'a/b/c.db')}`)
    await listening()
    expect(existsSync(join(cwd, 'a/b/c.db'))).toBe(true)
    expect(existsSync(data)).toBe(false)
  })
})

describe('a start with a file that can not be the store’s', () => {
  const starting = (path: string, ...argv: string[]) =>
    runMain(['serve', '--port', '0', '--store', `sqlite:${path}`, ...argv], { cwd: '/' })

  it('ends with one line when another process has it', async () => {
    const { file, start } = serving()
    await start().listening()
    const reason =
      `The SQLite file ${file} is in use by another process. ` +
      'One process at a time can have it: stop that one, or use another file.'
    const { exitCode, stdout, stderr } = await starting(file)
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `${reason}\n` })
    // The log too: what, where, what to do, and no stack.
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 60, code: 'store_unavailable', reason, msg: 'the start failed' }),
    ])
    expect(stdout).not.toMatch(/"err"|"stack"|\/dist\/|node:/)
    expect(await starting(file, '--pretty')).toEqual({ exitCode: 1, stdout: '', stderr: `${reason}\n` })
  })

  it('has the whole error in the log at level debug', async () => {
    const { file, start } = serving()
    await start().listening()
    const { stdout } = await starting(file, '--log-level', 'debug')
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(-2).map((line) => JSON.parse(line) as object)).toMatchObject([
      { level: 20, err: { cause: { cause: { message: 'database is locked' } } } },
      { level: 60, msg: 'the start failed' },
    ])
  })

  it('ends with one line when it is of a newer version, and leaves it as it is', async () => {
    const { file, start } = serving()
    const { child, listening, ended } = start()
    await listening()
    child.kill()
    await ended
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 4711')
    database.close()
    const before = readFileSync(file)
    const { exitCode, stderr } = await starting(file)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^The SQLite file .* was written by a newer version of this program .*4711.*\n$/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('ends with one line when it is no database, or somebody else’s', async () => {
    const { cwd } = serving()
    const text = join(cwd, 'text.db')
    writeFileSync(text, 'This is a text. '.repeat(1_000))
    expect(await starting(text)).toMatchObject({
      exitCode: 1,
      stderr: `The SQLite file ${text} is no SQLite database. It was left as it is: use another file.\n`,
    })
    const other = join(cwd, 'other.db')
    const database = new DatabaseSync(other)
    database.exec('CREATE TABLE own (id INTEGER)')
    database.close()
    const { exitCode, stderr } = await starting(other)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^The SQLite file .*other\.db belongs to another program\. .*\n$/)
  })

  it('ends with one line when its folder can not be made', async () => {
    const { cwd } = serving()
    const reason = `The folder ${join(cwd, 'bot.ts')} can't be made: a file is in its place.`
    const { exitCode, stdout, stderr } = await starting(join(cwd, 'bot.ts/a.db'))
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `${reason}\n` })
    expect(JSON.parse(stdout)).toMatchObject({ level: 60, reason, msg: 'the start failed' })
    expect(stdout).not.toContain('"stack"')
  })
})
