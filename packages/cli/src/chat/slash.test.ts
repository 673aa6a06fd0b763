import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { noTerminal, type TestTerminalOptions } from '../terminal.fixture.js'
import { enter, settled, startSteeredServer } from './steered-server.fixture.js'

/** A conversation in which something has been said. */
async function conversation(options: TestTerminalOptions = {}) {
  const server = await startSteeredServer()
  const terminal = await server.chat([], { columns: 72, rows: 40, ...options })
  await terminal.shows(/^>$/m)
  await enter(terminal, 'echo one')
  await terminal.shows(/^one\n\n>$/m)
  /** Gives a command, and returns what it shows. */
  const told = async (command: string) => {
    await terminal.press('C-l')
    await terminal.shows((screen) => screen === '>')
    await enter(terminal, command)
    const screen = await terminal.shows(
      (screen) => screen.endsWith('\n>') && screen.startsWith(`> ${command}`),
    )
    return settled(screen.slice(`> ${command}\n`.length).replace(/\n?>$/, '').trimEnd())
  }
  return { server, terminal, told }
}

describe.skipIf(noTerminal !== null)('a command at the prompt', () => {
  it('/help tells of all of them, and of the keys', async () => {
    const { told } = await conversation()
    expect(await told('/help')).toMatchInlineSnapshot(`
      "/help                     show this
      /new [chat]               begin a new session, with one of the chats of
                                the server
      /sessions                 list the latest sessions
      /switch <number or id>    go on in another session
      /history [n]              show the latest messages of this session
                                (default: 20)
      /functions                list what this chat can call
      /status                   show the server, the session and the chat
      /export [--force] [file]  write this session to a file, as Markdown, or
                                JSON where its name ends in .json
      /quit                     leave

      Enter     send
      \\ Enter   begin another line; so do Alt-Enter and Ctrl-J
      """       open and close a message of several lines
      Up, Down  bring back what you said
      Tab       complete a command, or the id of a session
      Ctrl-C    stop the answer; clear the line; twice: leave
      Ctrl-D    leave
      //        a message that begins with a slash"
    `)
  })

  it('/sessions lists the latest, and /switch goes on in one of them, by its number or its id', async () => {
    const { server, terminal, told } = await conversation()
    expect(await told('/new')).toBe('A new session begins with the next message.')
    await enter(terminal, 'echo two')
    await terminal.shows(/^two\n\n>$/m)
    expect(await told('/sessions')).toMatchInlineSnapshot(`
      "*1  sess_ID  AGO  2 messages  echo two
       2  sess_ID  AGO  2 messages  echo one"
    `)
    expect(await told('/switch 2')).toBe('Going on in sess_ID.\n> echo one\none')
    await terminal.press('Up')
    await terminal.shows(/> echo one$/)
    await terminal.press('C-u')
    const { data } = await server.manager.sessions.list()
    expect(data.map(({ messageCount }) => messageCount)).toEqual([2, 2])
    expect(await told(`/switch ${data[0]?.sessionId.slice(5, 14)}`)).toContain('> echo two\ntwo')
    expect(await told('/switch 3')).toBe('There is no session 3. /sessions lists them.')
    expect(await told('/switch')).toBe('Which one? /sessions lists them. Example: /switch 2')
    await terminal.type(`/switch ${data[1]?.sessionId.slice(0, 12)}`)
    await terminal.press('Tab')
    await terminal.shows(`/switch ${data[1]?.sessionId}`)
  })

  it('/switch reads on the answer that runs in the other session', async () => {
    const { server, terminal, told } = await conversation()
    const { data } = await server.manager.sessions.list()
    await server.manager.startTurn({ message: 'asked elsewhere', sessionId: data[0]?.sessionId ?? '' })
    await told('/new')
    await enter(terminal, '/switch 1')
    await terminal.shows('> asked elsewhere')
    server.give('answered here')
    server.end()
    await terminal.shows(/> asked elsewhere\nanswered here\n\n>$/)
    expect(server.heard).toEqual(['echo one', 'asked elsewhere'])
  })

  it('/history shows the latest messages', async () => {
    const { terminal, told } = await conversation()
    await enter(terminal, 'echo two')
    await terminal.shows(/^two\n\n>$/m)
    expect(await told('/history')).toBe('> echo one\none\n> echo two\ntwo')
    expect(await told('/history 2')).toBe('> echo two\ntwo')
    expect(await told('/history x')).toBe('How many messages? Example: /history 10')
    await told('/new')
    expect(await told('/history')).toBe('Nothing has been said in this session.')
  })

  it('/functions lists what can be called, and /status what is talked to', async () => {
    const { told } = await conversation()
    expect(await told('/functions')).toBe('look  Looks for something, wherever it is.')
    expect(await told('/status')).toMatch(
      /^server {3}http:\/\/HOST \(.*\)\nchat {5}steered\nstore {4}memory\nsession {2}sess_ID$/,
    )
  })

  it('/export writes the session to a file for its owner only, and never over another one unasked', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'colloquy-'))
    onTestFinished(() => rmSync(cwd, { recursive: true }))
    const { server, told } = await conversation({ cwd })
    const [session] = (await server.manager.sessions.list()).data
    expect(await told('/export notes.md')).toBe(`2 messages written to ${cwd}/notes.md`)
    const written = readFileSync(join(cwd, 'notes.md'), 'utf8')
    expect(written).toBe(
      `# Session ${session?.sessionId}\n\nBegun ${new Date(session?.createdAt ?? 0).toISOString()}, 2 messages.\n\n## user\n\necho one\n\n## assistant\n\none\n`,
    )
    expect(statSync(join(cwd, 'notes.md')).mode & 0o777).toBe(0o600)
    expect(await told('/export notes.md')).toBe(
      'notes.md is there already. To write over it: /export --force notes.md',
    )
    expect(await told('/export --force notes.md')).toBe(`2 messages written to ${cwd}/notes.md`)
    await told('/export all.json')
    expect(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8'))).toMatchObject({
      session: { session_id: session?.sessionId },
      messages: [{ role: 'user', content: 'echo one' }, { content: 'one' }],
    })
    expect(await told('/export')).toMatch(/^2 messages written to\s.*sess_ID\.md$/s)
    expect(await told('/export no/such.md')).toBe("no/such.md can't be written: there is no such folder.")
  })

  it('that is mistyped is told, with the right one', async () => {
    const { server, told } = await conversation()
    expect(await told('/hsitory')).toBe(
      'There is no command /hsitory. Did you mean /history? A message that\nbegins with a slash: //hsitory',
    )
    expect(await told('/xyz')).toMatch(/^There is no command \/xyz. \/help lists those there are./)
    expect(server.heard).toEqual(['echo one'])
  })

  it('is none where it is a path, or has two slashes', async () => {
    const { server, terminal } = await conversation()
    for (const text of ['/etc/hosts is what?', '//help']) {
      await enter(terminal, text)
      server.end()
      await terminal.shows(() => server.heard.includes(text.replace('//', '/')))
      await terminal.shows(/\n\n>$/)
    }
    expect(server.heard.slice(1)).toEqual(['/etc/hosts is what?', '/help'])
  })

  it('/quit leaves', async () => {
    const { terminal } = await conversation()
    await enter(terminal, '/quit')
    expect(await terminal.exitCode()).toBe(0)
  })
})
