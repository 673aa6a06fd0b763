import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEchoServer } from '../echo-server.fixture.js'
import { startMain, terminal } from '../run-main.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

let server: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  server = await startEchoServer()
})
afterAll(() => server.close({ grace: 0 }))

const ctrlD = '\u0004'

/** Starts a conversation on a terminal that can do nothing but lines, so that all that is written can be compared. */
async function talk(
  options: { readonly argv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const { argv = [], env = {} } = options
  const { stdin, screen } = terminal()
  const stderr = new TextOutput({ isTTY: true })
  const { ended } = startMain(['chat', '--url', server.url, ...argv], {
    stdin,
    stdout: screen,
    stderr,
    env: { TERM: 'dumb', ...env },
  })
  await screen.until((text) => text.endsWith('> '))
  return {
    screen,
    stderr,
    ended,
    stdin,
    /** Says something, and waits for the answer and the next prompt. */
    async hears(message: string, answer: string) {
      const from = screen.text.length
      stdin.write(`${message}\n`)
      await screen.until((text) => text.includes(`${answer}\n\n> `, from))
    },
  }
}

describe('colloquy chat, on a terminal', () => {
  it('streams answers in one session, until /quit', async () => {
    const user = await talk()
    await user.hears('count', 'message 1')
    await user.hears('count', 'message 2')
    user.stdin.write('/quit\n')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
    expect(user.screen.text).toBe('> message 1\n\n> message 2\n\n> ')
    expect(user.stderr.text).toMatch(
      /^Talking to echo at http:\/\/.* \/help tells more, Ctrl-D leaves\.\nGo on with: colloquy chat --url http:\S+ --session sess_\S+\n$/,
    )
  })

  it('goes on in the session that it is given, and shows what was said last', async () => {
    const first = await startMain(['chat', '--url', server.url, '--json', 'count']).ended
    const { session_id } = JSON.parse(first.stdout) as { session_id: string }
    const user = await talk({ argv: ['--session', session_id] })
    expect(user.stderr.text).toMatch(/> count\nmessage 1\n$/)
    await user.hears('count', 'message 2')
    user.stdin.end()
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('begins a new session with /new, and where there is none to continue', async () => {
    const env = { XDG_STATE_HOME: writeFolder({}) }
    const user = await talk({ argv: ['--continue'], env })
    expect(user.stderr.text).toContain('There is no session to continue. A new one begins.\n')
    await user.hears('count', 'message 1')
    user.stdin.write('/new\n')
    await user.hears('count', 'message 1')
    user.stdin.end()
    await user.ended
    expect(user.stderr.text).toMatch(/Go on with: colloquy chat --url \S+ --continue\n$/)
    const next = await talk({ argv: ['--continue'], env })
    await next.hears('count', 'message 2')
    next.stdin.end()
    await next.ended
  })

  it('goes on after a failed turn', async () => {
    const user = await talk()
    await user.hears('fail', 'So far')
    await user.hears('Hello', 'You said: Hello')
    user.stdin.end()
    expect(await user.ended).toMatchObject({ exitCode: 0 })
    expect(user.stderr.text).toContain('The chat interface could not answer.\n')
    expect(user.stderr.text).not.toContain('secret')
  })

  it('says so when its session is gone, and sends the message again in a new one', async () => {
    const user = await talk()
    await user.hears('count', 'message 1')
    const { data } = (await (await fetch(`${server.url}/api/v1/sessions?limit=1`)).json()) as {
      data: [{ session_id: string }]
    }
    await fetch(`${server.url}/api/v1/sessions/${data[0].session_id}`, { method: 'DELETE' })
    user.stdin.write('count\n')
    await user.stderr.until((text) => text.includes('Enter alone sends it again.'))
    await user.hears('', 'message 1')
    user.stdin.end()
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('does not begin in a session that is not there', async () => {
    const { stdin, screen } = terminal()
    const argv = ['chat', '--url', server.url, '--session', 'sess_unknown']
    expect(await startMain(argv, { stdin, stdout: screen }).ended).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'There is no such session; it may have expired. Leave out --session to begin a new one.\n',
    })
  })

  it('leaves no listener on its output and its input', async () => {
    const { stdin, screen } = terminal()
    const stderr = new TextOutput({ isTTY: true })
    const { ended } = startMain(['chat', '--url', server.url], { stdin, stdout: screen, stderr })
    await screen.until((text) => text.includes('> '))
    stdin.write(ctrlD)
    expect(await ended).toMatchObject({ exitCode: 0 })
    expect(screen.listenerCount('error')).toBe(1) // which tolerates what comes late
    expect(screen.listenerCount('resize')).toBe(0)
    expect(stdin.listenerCount('keypress')).toBe(0)
    expect(screen.text.endsWith('\u001b[?2004l')).toBe(true)
  })

  it('is read no further where the screen has gone', async () => {
    const user = await talk()
    user.stdin.write('hang\n')
    await user.screen.until((text) => text.endsWith('Waiting'))
    user.screen.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('ends with 5 before it prompts when no server answers', async () => {
    const gone = await startEchoServer()
    await gone.close()
    const { stdin, screen } = terminal()
    const { ended } = startMain(['chat', '--url', gone.url], { stdin, stdout: screen })
    expect(await ended).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `No server answers at ${gone.url}. Start one with: colloquy serve\n`,
    })
  })

  it('prompts on stderr where the answers go elsewhere', async () => {
    const { stdin } = terminal()
    const stdout = new TextOutput()
    const stderr = new TextOutput({ isTTY: true })
    const { ended } = startMain(['chat', '--url', server.url], {
      stdin,
      stdout,
      stderr,
      env: { TERM: 'dumb' },
    })
    await stderr.until((text) => text.endsWith('> '))
    stdin.write('count\n')
    await stdout.until((text) => text === 'message 1\n')
    stdin.end()
    expect(await ended).toMatchObject({ exitCode: 0, stdout: 'message 1\n' })
  })
})
