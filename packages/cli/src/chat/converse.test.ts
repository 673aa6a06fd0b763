import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startEchoServer } from '../echo-server.fixture.js'
import { startMain, terminal } from '../run-main.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

let server: Awaited<ReturnType<typeof startEchoServer>>
beforeAll(async () => {
  server = await startEchoServer()
})
afterAll(() => server.close({ grace: 0 }))

const ctrlC = '\u0003'
const ctrlD = '\u0004'

/** Starts a conversation. */
async function talk(
  options: { readonly argv?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
) {
  const { argv = [], env = { NO_COLOR: '1' } } = options
  const { stdin, screen } = terminal()
  const stderr = new TextOutput({ isTTY: true })
  const { ended } = startMain(['chat', '--url', server.url, ...argv], { stdin, stdout: screen, stderr, env })
  await stderr.until((text) => text.includes('Talking to echo'))
  let from = 0
  /** Waits for a text on the screen, behind the last one that was waited for. */
  const shows = async (text: string) => {
    await screen.until((shown) => shown.includes(text, from))
    from = screen.text.indexOf(text, from) + text.length
  }
  await shows('> ')
  return {
    screen,
    stderr,
    ended,
    shows,
    type: (keys: string) => stdin.write(keys),
    /** Says something, and waits for the answer and the next prompt. */
    async hears(message: string, answer: string) {
      stdin.write(`${message}\r`)
      await shows(`${answer}\n`)
      await shows('> ')
    },
  }
}

describe('colloquy chat, on a terminal', () => {
  it('streams answers in one session, until /quit', async () => {
    const user = await talk()
    await user.hears('count', 'message 1')
    await user.hears('count', 'message 2')
    user.type('/quit\r')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
    expect(user.stderr.text).toBe(`Talking to echo at ${server.url}. /help tells more, Ctrl-D leaves.\n`)
  })

  it('goes on in the session that it is given', async () => {
    const first = await startMain(['chat', '--url', server.url, '--json', 'count']).ended
    const { session_id } = JSON.parse(first.stdout) as { session_id: string }
    const user = await talk({ argv: ['--session', session_id] })
    await user.hears('count', 'message 2')
    user.type('/quit\r')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('begins a new session with /new', async () => {
    const user = await talk()
    await user.hears('count', 'message 1')
    user.type('/new\r')
    await user.shows('> ')
    await user.hears('count', 'message 1')
    user.type(ctrlD)
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('shows function calls in short lines on stderr, and then goes on with the answer', async () => {
    const user = await talk()
    await user.hears('call', 'Looking.\n Done.')
    user.type(ctrlC)
    expect(await user.ended).toMatchObject({ exitCode: 0 })
    expect(user.stderr.text).toMatch(/\n· look\({"at":"it","for":"x+…\n· look failed: nothing there\n$/)
    expect(Math.max(...user.stderr.text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110)
  })

  it('is dim where there are colours', async () => {
    const user = await talk({ env: {} })
    user.type(ctrlD)
    await user.ended
    expect(user.stderr.text.startsWith('\u001b[2mTalking to ')).toBe(true)
    expect(user.stderr.text.endsWith('\u001b[22m\n')).toBe(true)
  })

  it('stops an answer with Ctrl-C, so that its session takes the next message, and leaves with Ctrl-C at the prompt', async () => {
    const user = await talk()
    user.type('hang\r')
    await user.shows('Waiting')
    user.type(ctrlC)
    await user.shows('> ')
    expect(user.stderr.text).toContain('The answer was stopped (client_request).\n')
    await user.hears('count', 'message 2')
    user.type(ctrlC)
    await user.shows('\n')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('reads an answer that does not stop no further after a second Ctrl-C', async () => {
    const user = await talk()
    user.type('stubborn\r')
    await user.shows('Waiting')
    user.type(ctrlC + ctrlC)
    await user.shows('> ')
    user.type('count\r')
    await user.stderr.until((text) => text.includes('Wait for it, or type /new to begin a new session.'))
    user.type(ctrlD)
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('leaves no listener on its output', async () => {
    const user = await talk()
    const listeners = user.screen.listenerCount('error')
    user.type('/quit\r')
    await user.ended
    expect(user.screen.listenerCount('error')).toBe(listeners - 1)
  })

  it('leaves with Ctrl-D in an answer, too', async () => {
    const user = await talk()
    user.type('hang\r')
    await user.shows('Waiting')
    user.type(ctrlD)
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('goes on after a failed turn', async () => {
    const user = await talk()
    await user.hears('fail', 'So far')
    expect(user.stderr.text.trimEnd().split('\n')).toHaveLength(2)
    await user.hears('Hello', 'You said: Hello')
    user.type('/quit\r')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
  })

  it('helps with /help, and with a command that it does not know', async () => {
    const user = await talk()
    user.type('/hlep\r/help\r\r/quit\r')
    expect(await user.ended).toMatchObject({ exitCode: 0 })
    expect(user.stderr.text).toContain('There is no command /hlep.\n')
    expect(user.stderr.text.split('/new   begin a new session').length).toBe(3)
  })

  it('ends with 1 before it prompts when no server answers', async () => {
    const gone = await startEchoServer()
    await gone.close()
    const { stdin, screen } = terminal()
    const { ended } = startMain(['chat', '--url', gone.url], { stdin, stdout: screen })
    expect(await ended).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `No server answers at ${gone.url}. Start one with: colloquy serve\n`,
    })
  })
})
