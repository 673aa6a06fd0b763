import { execFile } from 'node:child_process'
import { PassThrough, Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEchoServer } from '../echo-server.fixture.js'
import { main } from '../main.js'
import { runMain, startMain, terminal } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { startSteeredServer } from './steered-server.fixture.js'

let server: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  server = await startEchoServer()
})
afterAll(() => server.close({ grace: 0 }))

const chat = (argv: readonly string[], options = {}) =>
  runMain(['chat', '--url', server.url, ...argv], options)

describe('colloquy chat, with a message', () => {
  it('prints the answer, and ends', async () => {
    expect(await chat(['Hello', 'there'])).toEqual({
      exitCode: 0,
      stdout: 'You said: Hello there\n',
      stderr: '',
    })
  })

  it('finds the server by COLLOQUY_URL, which the flag overrules', async () => {
    const env = { COLLOQUY_URL: `${server.url}/` }
    expect(await runMain(['chat', 'Hello'], { env })).toMatchObject({ stdout: 'You said: Hello\n' })
    expect(await chat(['Hello'], { env: { COLLOQUY_URL: 'nonsense' } })).toMatchObject({ exitCode: 0 })
  })

  it('says what is piped in as one message, without the last line end', async () => {
    const stdin = Readable.from([Buffer.from('one\ntw'), Buffer.from('o é\n')])
    expect(await chat([], { stdin })).toEqual({ exitCode: 0, stdout: 'You said: one\ntwo é\n', stderr: '' })
  })

  it('says the words rather than what is piped in', async () => {
    const stdin = new PassThrough() // never ends
    expect(await chat(['Hello'], { stdin })).toMatchObject({ stdout: 'You said: Hello\n' })
  })

  it.each([
    ['lines', 'one\ntwo\n'],
    ['nothing', '\n'],
  ])('ends the answer to %s with one line end', async (message, stdout) => {
    expect(await chat([message])).toEqual({ exitCode: 0, stdout, stderr: '' })
  })

  it('prints the whole answer as JSON, and goes on in its session', async () => {
    const { exitCode, stdout } = await chat(['--json', 'count'])
    const { session_id, content } = JSON.parse(stdout) as { session_id: string; content: string }
    expect({ exitCode, content }).toEqual({ exitCode: 0, content: 'message 1' })
    expect(await chat(['--session', session_id, 'count'])).toMatchObject({ stdout: 'message 2\n' })
  })

  it('does not show function calls', async () => {
    expect(await chat(['call'])).toEqual({ exitCode: 0, stdout: 'Looking. Done.\n', stderr: '' })
  })

  it('ends with 1 and says so when the turn fails', async () => {
    const { exitCode, stdout, stderr } = await chat(['fail'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'So far\n' })
    expect(stderr).toMatch(/^\S.+\n$/)
    expect(stderr).not.toContain('secret')
    expect(await chat(['--json', 'fail'])).toMatchObject({ exitCode: 1, stdout: '' })
  })

  it('says what to do when no server answers', async () => {
    const gone = await startEchoServer()
    await gone.close()
    expect(await runMain(['chat', '--url', gone.url, 'Hello'])).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `No server answers at ${gone.url}. Start one with: colloquy serve\n`,
    })
  })

  it('says what to do when the session is unknown', async () => {
    const { exitCode, stderr } = await chat(['--session', 'sess_unknown', 'Hello'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: 'There is no such session; it may have expired. Leave out --session to begin a new one.\n',
    })
  })

  it('says what is wrong with a message that the server refuses', async () => {
    const { exitCode, stderr } = await chat(['x'.repeat(40_000)])
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^message: /)
  })

  it('takes the address of a server without its scheme', async () => {
    const { host } = new URL(server.url)
    for (const [argv, env] of [
      [['--url', host], {}],
      [['--url', `${host}/`], {}],
      [[], { COLLOQUY_URL: host }],
    ] as const) {
      const { exitCode, stdout } = await runMain(['chat', ...argv, 'Hello'], { env })
      expect([exitCode, stdout]).toEqual([0, (await chat(['Hello'])).stdout])
    }
  })

  it.each([
    'ftp://x',
    '',
    'http://user:secret@x',
    'user:secret@x',
    'localhost:port',
    '/chat',
    'localhost?a=b',
  ])('refuses %j as a URL', async (url) => {
    const { exitCode, stderr } = await runMain(['chat', '--url', url, 'Hello'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(
      /^--url: .* is not an http or https URL .* Example: --url http:\/\/localhost:8000\n$/,
    )
    expect(stderr).not.toContain('secret')
  })

  it('names the variables that are wrong, and does not show the key', async () => {
    const env = { COLLOQUY_URL: 'ftp://x', COLLOQUY_API_KEY: 'a secret' }
    const { exitCode, stderr } = await runMain(['chat', 'Hello'], { env })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^COLLOQUY_URL: .*\nCOLLOQUY_API_KEY: /)
    expect(stderr).not.toContain('a secret')
  })

  it.each([[[]], [[' ']], [['--json']]])('needs a message: %j', async (argv) => {
    expect(await chat(argv)).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'There is no message. Example: colloquy chat Hello\n',
    })
  })

  it('needs a message for --json, also on a terminal', async () => {
    expect(await chat(['--json'], { stdin: terminal().stdin })).toMatchObject({ exitCode: 2 })
  })

  it('takes what a terminal would obey out of the answer, and leaves it in a file', async () => {
    const stdout = new TextOutput({ isTTY: true })
    expect((await chat(['escape'], { stdout, env: { TERM: 'dumb' } })).stdout).toBe(']0;ownedred\n')
    expect((await chat(['escape'])).stdout).toBe('\u001b]0;owned\u0007red\n')
  })

  it('ends with 1, and says so, when the answer can not be written', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('ENOSPC: no space left on device, write')),
    })
    const stderr = new TextOutput()
    const argv = ['chat', '--url', server.url, 'Hello']
    expect(await main({ argv, env: {}, stdout, stderr })).toBe(1)
    expect(stderr.text).toBe('The output could not be written: ENOSPC: no space left on device, write\n')
  })

  it('ends quietly when nobody reads any more', async () => {
    const { stdout, ended } = startMain(['chat', '--url', server.url, 'hang'])
    await stdout.until((text) => text === 'Waiting')
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('goes on in the last session with --continue, and begins one when that is gone', async () => {
    const env = { XDG_STATE_HOME: writeFolder({}) }
    const { stderr } = await chat(['--continue', 'count'], { env })
    expect(stderr).toBe('There is no session to continue. A new one begins.\n')
    expect(await chat(['--continue', 'count'], { env })).toEqual({
      exitCode: 0,
      stdout: 'message 2\n',
      stderr: '',
    })
    const { session_id } = JSON.parse((await chat(['--continue', '--json', 'count'], { env })).stdout)
    expect(await chat(['--session', session_id, 'count'])).toMatchObject({ stdout: 'message 4\n' })
    await fetch(`${server.url}/api/v1/sessions/${session_id}`, { method: 'DELETE' })
    expect(await chat(['--continue', 'count'], { env })).toEqual({
      exitCode: 0,
      stdout: 'message 1\n',
      stderr: 'The last session has expired, or was deleted. A new one begins.\n',
    })
  })

  it.each([
    [['--session', 'x', '--continue'], '--session and --continue: each names a session. Leave one out.\n'],
    [['--chat', 'x', '--continue'], /^--chat: a session keeps the chat/],
    [['--chat', 'x'], '--chat: There is no chat x to choose: the server has only one, without a name.\n'],
  ])('refuses %j', async (argv, told) => {
    const { exitCode, stdout, stderr } = await chat([...argv, 'Hello'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(told)
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'stops the answer at the server at a %s, keeps what there is of it, and ends with %i',
    async (signal, code) => {
      const { url, manager, give } = await startSteeredServer()
      give('So far')
      const { child, stdout, ended } = spawnBin(['chat', '--url', url, 'Hello'])
      await stdout.until((text) => text === 'So far')
      child.kill(signal)
      expect(await ended).toEqual({ exitCode: code, stdout: 'So far\n', stderr: 'stopped\n' })
      const [session] = (await manager.sessions.list()).data
      const { data } = await manager.turns(session?.sessionId ?? '')
      expect(data).toMatchObject([{ status: 'cancelled' }])
    },
  )

  it('ends quietly when a pipe is closed, and leaves the answer to itself', async () => {
    const { url, manager, give, end } = await startSteeredServer()
    const bin = fileURLToPath(new URL('../../dist/bin.js', import.meta.url))
    const line = `{ "$0" "$1" chat --url ${url} Hello; echo "ended $?" >&2; } | { head -n 1; echo head has gone >&2; }`
    const output = new TextOutput()
    const shell = execFile('sh', ['-c', line, process.execPath, bin])
    shell.stderr?.pipe(output)
    give('one\n')
    await output.until((text) => text.includes('head has gone'))
    give('two\n', 'three\n')
    await output.until((text) => text.includes('ended 0'))
    const [session] = (await manager.sessions.list()).data
    const turns = () => manager.turns(session?.sessionId ?? '')
    expect((await turns()).data).toMatchObject([{ status: 'running' }])
    end()
  })
})
