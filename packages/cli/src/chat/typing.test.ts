import { describe, expect, it } from 'vitest'
import { noTerminal, startTerminal, type TestTerminalOptions } from '../terminal.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { enter, settled, startSteeredServer } from './steered-server.fixture.js'

/** A conversation that is ready for what is typed. */
async function prompt(options: TestTerminalOptions = {}) {
  const server = await startSteeredServer()
  const terminal = await server.chat([], options)
  await terminal.shows(/^>$/m)
  return { server, terminal, screen: async () => settled(await terminal.screen()) }
}

describe.skipIf(noTerminal !== null)('what is typed in a terminal', () => {
  it('is one message when it is pasted, however many lines it has', async () => {
    const { server, terminal, screen } = await prompt()
    await terminal.type('echo \u001b[200~one\r\n\ttwo \\\r\n\r\n/quit\n\u001b[201~')
    await terminal.shows('/quit')
    expect(await screen()).toBe('> echo one\n      two \\\n\n  /quit')
    await terminal.type('!')
    await terminal.press('Enter')
    await terminal.shows(/^>$/m)
    expect(server.heard).toEqual(['echo one\n\ttwo \\\n\n/quit\n!'])
  })

  it.each([
    ['a backslash at the end', ['\\', 'Enter']],
    ['Alt-Enter', ['M-Enter']],
    ['Ctrl-J', ['C-j']],
  ])('goes on in another line with %s', async (_name, keys) => {
    const { server, terminal, screen } = await prompt()
    await terminal.type('echo one')
    await terminal.press(...keys)
    await terminal.type('two')
    await terminal.shows('two')
    expect(await screen()).toBe('> echo one\n  two')
    await terminal.press('Enter')
    await terminal.shows(/^>$/m)
    expect(server.heard).toEqual(['echo one\ntwo'])
  })

  it('is a block between two lines of """, whatever it has', async () => {
    const { server, terminal } = await prompt()
    await enter(terminal, '"""echo')
    await enter(terminal, '/quit')
    await enter(terminal, '"""')
    await terminal.shows(() => server.heard.length === 1)
    expect(server.heard).toEqual(['echo\n/quit'])
  })

  it('is brought back with Up, also several lines, and what was being written with Down', async () => {
    const { server, terminal, screen } = await prompt()
    await enter(terminal, 'echo 1')
    await terminal.shows(/^1\n\n>$/m)
    await terminal.type('echo 2\\')
    await terminal.press('Enter')
    await enter(terminal, '3')
    await terminal.shows(/^3\n\n>$/m)
    await terminal.type('draft')
    await terminal.press('Up', 'Up', 'Up')
    await terminal.shows(/> echo 1$/)
    await terminal.press('Down')
    await terminal.shows(/> echo 2\n {2}3$/)
    await terminal.press('Down')
    await terminal.shows(/> draft$/)
    await terminal.press('Up', 'Enter')
    await terminal.shows(/> echo 2\n {2}3\n2\n3\n\n>$/)
    expect(server.heard).toEqual(['echo 1', 'echo 2\n3', 'echo 2\n3'])
    expect(await screen()).not.toContain('draft')
  })

  it('is edited in the middle, across rows, with the keys of a shell', async () => {
    const { server, terminal } = await prompt({ columns: 20 })
    await terminal.type('ho one two three four five')
    await terminal.shows('five')
    await terminal.press('C-a')
    expect(await terminal.cursor()).toMatchObject({ column: 2 })
    await terminal.type('ec')
    await terminal.press('C-e', 'C-w', 'BSpace', 'M-b', 'C-k', 'C-y', 'C-y', 'Left', 'DC')
    await terminal.type('R')
    await terminal.press('Enter')
    await terminal.shows(() => server.heard.length === 1)
    expect(server.heard).toEqual(['echo one two three fourfouR'])
  })

  it('is cleared with Ctrl-C, which leaves only the second time', async () => {
    const { terminal, screen } = await prompt()
    await terminal.type('some words')
    await terminal.press('C-c')
    await terminal.shows(/^>$/m)
    await terminal.press('C-c')
    await terminal.shows('to leave')
    expect(await screen()).toBe('>\nCtrl-C again, or Ctrl-D, to leave')
    await terminal.type('x')
    await terminal.shows(/> x$/)
    await terminal.press('BSpace', 'C-c')
    await terminal.shows('to leave')
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(0)
    expect(await screen()).toBe('>')
  })

  it('fits the screen when that is resized', async () => {
    const { server, terminal, screen } = await prompt({ columns: 60 })
    const text = `echo ${'abcdefghi '.repeat(8).trim()}`
    await terminal.type(text)
    await terminal.shows(/i$/)
    await terminal.resize(30, 20)
    await terminal.shows((screen) => screen.split('\n').every((row) => row.length <= 29))
    expect(await screen()).toBe(
      [
        '> echo abcdefghi abcdefghi ab',
        '  cdefghi abcdefghi abcdefghi',
        '   abcdefghi abcdefghi abcdef',
        '  ghi',
      ].join('\n'),
    )
    await terminal.resize(70, 20)
    await terminal.press('Enter')
    await terminal.shows(/^>$/m)
    expect(server.heard).toEqual([text])
  })

  it('waits for the next prompt while an answer comes', async () => {
    const { server, terminal } = await prompt()
    await enter(terminal, 'slowly')
    await terminal.shows(() => server.heard.length === 1)
    await enter(terminal, 'echo next')
    server.give('first')
    server.end()
    await terminal.shows(/first\n\n> echo next\nnext\n\n>$/)
    expect(server.heard).toEqual(['slowly', 'echo next'])
  })

  it('is completed with Tab', async () => {
    const { terminal, screen } = await prompt()
    await terminal.type('/s')
    await terminal.press('Tab')
    await terminal.shows('/switch')
    expect(await screen()).toBe('> /s\n/sessions  /switch  /status')
    await terminal.type('e')
    await terminal.press('Tab', 'Enter')
    await terminal.shows('There are no sessions.')
  })

  it('is still there after the screen was cleared with Ctrl-L', async () => {
    const { terminal, screen } = await prompt()
    await terminal.type('some words')
    await terminal.press('C-l')
    await terminal.shows((screen) => screen === '> some words')
    expect(await terminal.cursor()).toEqual({ column: 12, row: 0 })
    expect(await screen()).toBe('> some words')
  })

  it('is still there after Ctrl-Z, which gives the terminal back meanwhile', async () => {
    const server = await startSteeredServer()
    const terminal = await startTerminal('HISTFILE= exec bash --norc --noprofile -i', {
      cwd: writeFolder({}),
    })
    await enter(terminal, `stty -g > before; colloquy chat --url ${server.url}`)
    await terminal.shows(/^>$/m)
    await terminal.type('echo some')
    await terminal.press('C-z')
    await terminal.shows('Stopped')
    await enter(terminal, 'stty -g > after; cmp before after && echo s""ame')
    await terminal.shows(/^same$/m)
    await enter(terminal, 'fg')
    await terminal.shows(/> echo some$/)
    await enter(terminal, ' words')
    await terminal.shows(/^some words\n\n>$/m)
    expect(server.heard).toEqual(['echo some words'])
    await terminal.press('C-d')
    await terminal.shows('Go on with')
    await enter(terminal, 'exit')
    expect(await terminal.exitCode()).toBe(0)
  })
})
