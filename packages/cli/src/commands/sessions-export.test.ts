import { EventEmitter, once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from '../main.js'
import { runMain } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const linesOf = (text: string) => {
  expect(text.endsWith('\n')).toBe(true)
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('colloquy sessions export', () => {
  it('writes what it is, and then one session a line, with everything of it', async () => {
    const { sessions, exported } = await storeFolder({ 'web-shop': [2, 0], '': [1] })
    const { exitCode, stdout, stderr } = await sessions('export')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Exported 3 sessions.\n' })
    const [header, ...lines] = linesOf(stdout)
    expect(header).toEqual({
      format: 'colloquy-sessions',
      version: 1,
      exportedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    })
    expect(lines).toEqual(await exported())
    const ids = lines.map(({ sessionId }) => String(sessionId))
    expect(ids).toEqual(ids.toSorted())
    expect(lines.find(({ turns }) => (turns as unknown[]).length === 2)).toMatchObject({
      owner: 'web-shop',
      metadata: { of: 'web-shop' },
      state: { said: 'line\u20282' },
      messages: [
        { role: 'user', content: 'line\u20281' },
        { role: 'assistant', content: 'You said: line\u20281' },
        { role: 'user', content: 'line\u20282' },
        { role: 'assistant', content: 'You said: line\u20282' },
      ],
      turns: [{ status: 'completed', key: { fingerprint: 'body' } }, { status: 'completed' }],
    })
  })

  it('writes those of one owner, also of nobody', async () => {
    const { sessions } = await storeFolder({ 'web-shop': [1, 0], '': [0] })
    const ownersOf = async (owner: string) =>
      linesOf((await sessions('export', '--owner', owner)).stdout)
        .slice(1)
        .map((line) => line['owner'])
    expect(await ownersOf('web-shop')).toEqual(['web-shop', 'web-shop'])
    expect(await ownersOf('')).toEqual([''])
    expect(await ownersOf('web')).toEqual([])
  })

  it('writes a file for its owner only, whole or not at all', async () => {
    const { cwd, sessions } = await storeFolder({ 'web-shop': [1] })
    const { exitCode, stdout, stderr } = await sessions('export', '--output', 'out.jsonl')
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
    expect(stderr).toBe('Exported 1 session to out.jsonl.\n')
    expect(statSync(join(cwd, 'out.jsonl')).mode & 0o777).toBe(0o600)
    expect(linesOf(readFileSync(join(cwd, 'out.jsonl'), 'utf8'))).toHaveLength(2)
    expect(readdirSync(cwd).sort()).toEqual(['data', 'out.jsonl'])
  })

  it('writes over a file that is there, and through a link', async () => {
    const { cwd, sessions } = await storeFolder({ 'web-shop': [1] })
    writeFileSync(join(cwd, 'before.jsonl'), 'before')
    symlinkSync('before.jsonl', join(cwd, 'link.jsonl'))
    expect(await sessions('export', '--output', 'link.jsonl')).toMatchObject({ exitCode: 0 })
    expect(linesOf(readFileSync(join(cwd, 'before.jsonl'), 'utf8'))).toHaveLength(2)
  })

  it('makes a file that is there one for its owner only', async () => {
    const { cwd, sessions } = await storeFolder({ 'web-shop': [1] })
    writeFileSync(join(cwd, 'out.jsonl'), 'before', { mode: 0o644 })
    expect(await sessions('export', '--output', 'out.jsonl')).toMatchObject({ exitCode: 0 })
    expect(statSync(join(cwd, 'out.jsonl')).mode & 0o777).toBe(0o600)
  })

  it('refuses what is no file, and leaves it as it is', async () => {
    const { cwd, sessions } = await storeFolder({ 'web-shop': [1] })
    const socket = createServer().listen(join(cwd, 'socket'))
    onTestFinished(() => void socket.close())
    await once(socket, 'listening')
    expect(await sessions('export', '--output', 'socket')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        '--output: socket is no file. What is no file gets the export by stdout. ' +
        'Example: colloquy sessions export > socket\n',
    })
    expect(statSync(join(cwd, 'socket')).isSocket()).toBe(true)
    expect(readdirSync(cwd).sort()).toEqual(['data', 'socket'])
  })

  it('that is stopped leaves nothing of the file', async () => {
    const { cwd } = await storeFolder({ 'web-shop': Array.from({ length: 101 }, () => 0) })
    const process = Object.assign(new EventEmitter(), { exit: () => undefined })
    const stderr = new TextOutput({ isTTY: true })
    stderr.once('written', () => process.emit('SIGINT', 'SIGINT'))
    const argv = ['sessions', 'export', '--data-dir', 'data', '--output', 'out.jsonl']
    const { exitCode } = await runMain(argv, { cwd, stderr, process })
    expect(exitCode).toBe(1)
    expect(stderr.text).toMatch(/Stopped: nothing was written\.\n$/)
    expect(readdirSync(cwd)).toEqual(['data'])
    expect(process.eventNames()).toEqual([])
  })

  it('that is stopped while nobody takes what it writes ends all the same', async () => {
    const { cwd } = await storeFolder({ 'web-shop': [1] })
    const stopped = new AbortController()
    const stdout = new Writable({ write: () => stopped.abort() })
    const stderr = new TextOutput()
    const argv = ['sessions', 'export', '--data-dir', 'data']
    expect(await main({ argv, env: {}, cwd, stdout, stderr, signal: stopped.signal })).toBe(1)
    expect(stderr.text).toBe('Stopped: the export is not whole.\n')
  })

  it.each([
    ['no/such/out.jsonl', 1, /^The export could not be written\. There is no folder \/.*\/no\/such\.\n$/],
    ['data', 1, /^The export could not be written\. data is a directory\.\n$/],
    [
      'data/colloquy.db',
      2,
      /^--output: data\/colloquy\.db is the store itself\. Example: --output sessions\.jsonl\n$/,
    ],
  ])('does not write to %s, and leaves nothing there', async (output, code, message) => {
    const { cwd, sessions, exported } = await storeFolder({ 'web-shop': [1] })
    const { exitCode, stdout, stderr } = await sessions('export', '--output', output)
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
    expect(stderr).toMatch(message)
    expect(readdirSync(cwd)).toEqual(['data'])
    expect(await exported()).toHaveLength(1)
  })

  it('tells on a terminal how far it is', async () => {
    const { cwd } = await storeFolder({ 'web-shop': Array.from({ length: 101 }, () => 0) })
    const stderr = new TextOutput({ isTTY: true })
    const { stdout } = await runMain(['sessions', 'export', '--data-dir', 'data'], { cwd, stderr })
    const first = 'Exporting  [------------------------------]    0%  1 session'
    expect(stderr.text.startsWith(`\r\u001b[J${first}\r\u001b[J`)).toBe(true)
    expect(stderr.text.endsWith('\r\u001b[JExported 101 sessions.\n')).toBe(true)
    expect(linesOf(stdout)).toHaveLength(102)
  })

  it('counts only, where it is about the sessions of an owner', async () => {
    const { cwd } = await storeFolder({ 'web-shop': [0, 0], other: [0] })
    const stderr = new TextOutput({ isTTY: true })
    const argv = ['sessions', 'export', '--data-dir', 'data', '--owner', 'web-shop']
    await runMain(argv, { cwd, stderr })
    expect(stderr.text).toBe('\r\u001b[JExporting  1 session\r\u001b[JExported 2 sessions.\n')
  })

  it('is no faster than what takes it', async () => {
    const { cwd } = await storeFolder({ 'web-shop': [1, 1, 1] })
    let most = 0
    const lines: string[] = []
    const stdout = new Writable({
      highWaterMark: 1,
      decodeStrings: false,
      write(chunk: string, _encoding, done) {
        lines.push(chunk)
        setImmediate(() => {
          most = Math.max(most, stdout.writableLength)
          done()
        })
      },
    })
    const stderr = new TextOutput()
    expect(
      await main({ argv: ['sessions', 'export', '--data-dir', 'data'], env: {}, cwd, stdout, stderr }),
    ).toBe(0)
    expect(lines).toHaveLength(4)
    expect(most).toBeLessThanOrEqual(Math.max(...lines.map((line) => line.length)))
  })

  it.each([
    ['EPIPE', 0, ''],
    ['ENOSPC', 1, 'The output could not be written: ENOSPC\n'],
  ])('stops when its output fails with %s', async (code, exit, message) => {
    const { cwd } = await storeFolder({ 'web-shop': [1, 1, 1] })
    let writes = 0
    const stdout = new Writable({
      write(_chunk, _encoding, done) {
        writes += 1
        done(Object.assign(new Error(code), { code }))
      },
    })
    const stderr = new TextOutput()
    const argv = ['sessions', 'export', '--data-dir', 'data']
    expect(await main({ argv, env: {}, cwd, stdout, stderr })).toBe(exit)
    expect(writes).toBe(1)
    expect(stderr.text).toBe(message)
  })
})

describe('the store of colloquy sessions', () => {
  it('is the one that serve would have, by flag, variable or configuration file', async () => {
    const { cwd } = await storeFolder({ 'web-shop': [0] })
    const exporting = (argv: string[], env = {}) => runMain(['sessions', 'export', ...argv], { cwd, env })
    expect((await exporting(['--store', 'sqlite:data/colloquy.db'])).stderr).toBe('Exported 1 session.\n')
    expect((await exporting([], { COLLOQUY_DATA_DIR: 'data' })).stderr).toBe('Exported 1 session.\n')
    writeFileSync(join(cwd, 'data/colloquy.config.json'), '{ "store": "sqlite:colloquy.db" }')
    expect((await exporting(['--config', 'data/colloquy.config.json'])).stderr).toBe('Exported 1 session.\n')
  })

  it('is all that counts of the configuration', async () => {
    const { cwd } = await storeFolder({ 'web-shop': [0] })
    const others = {
      COLLOQUY_DATA_DIR: 'data',
      COLLOQUY_HOST: '0.0.0.0',
      COLLOQUY_API_KEYS_FILE: 'none.txt',
      COLLOQUY_PORT: 'x',
    }
    const exporting = (env: Record<string, string>) => runMain(['sessions', 'export'], { cwd, env })
    expect((await exporting(others)).stderr).toBe('Exported 1 session.\n')
    writeFileSync(join(cwd, 'colloquy.config.json'), '{ "dataDir": "data", "port": "x", "chat": 7 }')
    expect((await exporting({})).stderr).toBe('Exported 1 session.\n')
    expect(await exporting({ ...others, COLLOQUY_STORE: 'x' })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^A setting is wrong:\n {2}COLLOQUY_STORE: "x" is not /) as string,
    })
  })

  it('is not named by a key of the file that means nothing', async () => {
    const cwd = writeFolder({ 'colloquy.config.json': '{ "dataDirr": "data" }' })
    expect(await runMain(['sessions', 'export'], { cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('Did you mean dataDir?') as string,
    })
  })

  it('has to be a file', async () => {
    const cwd = writeFolder({})
    const { exitCode, stdout, stderr } = await runMain(['sessions', 'export'], { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('--store sqlite:data/colloquy.db, or --data-dir data\n')
  })

  it.each(['export', 'check', 'delete'])('is not made by %s', async (command) => {
    const cwd = writeFolder({})
    const argv = [
      'sessions',
      command,
      '--data-dir',
      'data',
      ...(command === 'delete' ? ['--owner', 'a'] : []),
    ]
    const { exitCode, stdout, stderr } = await runMain(argv, { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe(`There is no file ${join(cwd, 'data/colloquy.db')}. Look at --data-dir or --store.\n`)
    expect(existsSync(join(cwd, 'data'))).toBe(false)
  })

  it('has to be one', async () => {
    const cwd = writeFolder({ 'a.db': 'This is a text, and no database of any kind. '.repeat(100) })
    const { exitCode, stderr } = await runMain(['sessions', 'export', '--store', 'sqlite:a.db'], { cwd })
    expect(exitCode).toBe(1)
    expect(stderr).toBe(
      `The SQLite file ${join(cwd, 'a.db')} is no SQLite database. It was left as it is: use another file.\n`,
    )
  })
})
