import { describe, expect, it } from 'vitest'
import { runMain } from '../../run-main.fixture.js'
import { noTerminal, startTerminal } from '../../terminal.fixture.js'
import { writeFolder } from '../../write-folder.fixture.js'
import { enter, settled } from '../steered-server.fixture.js'

const files = {
  'bot.ts': `export default function bot(message: string, { history }: { history: unknown[] }) {
    if (message === 'fail') throw new Error('what the module threw')
    return 'You said: ' + message + ', after ' + history.length
  }`,
  'colloquy.config.json': '{ "chat": { "loud": "exec:tr a-z A-Z", "bot": "./bot.ts" } }',
}

describe('colloquy chat --local, with a message', () => {
  it('asks what answers, without a server', async () => {
    const cwd = writeFolder({ 'bot.ts': files['bot.ts'] })
    expect(await runMain(['chat', '--local', './bot.ts', 'hi', 'there'], { cwd })).toEqual({
      exitCode: 0,
      stdout: 'You said: hi there, after 0\n',
      stderr: '',
    })
  })

  it.each([
    [['--exec', 'tr a-z A-Z', 'hi'], 'HI\n'],
    [['--local', 'exec:tr a-z A-Z', '--', 'hi'], 'HI\n'],
  ])('takes what names a chat for serve: %j', async (argv, stdout) => {
    expect(await runMain(['chat', ...argv], { cwd: writeFolder({}) })).toEqual({
      exitCode: 0,
      stdout,
      stderr: '',
    })
  })

  it('has the chats of the configuration, of which --chat chooses', async () => {
    const cwd = writeFolder(files)
    expect(await runMain(['chat', '--local', '--', 'hi'], { cwd })).toMatchObject({ stdout: 'HI\n' })
    const argv = ['chat', '--local', '--chat', 'bot', 'hi']
    expect(await runMain(argv, { cwd })).toMatchObject({ stdout: 'You said: hi, after 0\n' })
    expect(await runMain(['chat', '--local', '--chat', 'bto', 'hi'], { cwd })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: '--chat: There is no chat bto. Those there are: loud, bot.\n',
    })
  })

  it('goes on in the last session of a store that stays', async () => {
    const cwd = writeFolder({ 'bot.ts': files['bot.ts'] })
    const env = { XDG_STATE_HOME: cwd }
    const argv = ['chat', '--local', './bot.ts', '--data-dir', 'data']
    expect(await runMain([...argv, 'one'], { cwd, env })).toMatchObject({
      stdout: 'You said: one, after 0\n',
    })
    expect(await runMain([...argv, '--continue', 'two'], { cwd, env })).toMatchObject({
      stdout: 'You said: two, after 2\n',
    })
    expect(await runMain(['chat', '--local', './bot.ts', '--continue', 'three'], { cwd, env })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        '--continue: with --local, sessions are gone at the end, unless --data-dir keeps them. Example: colloquy chat --local --data-dir data --continue\n',
    })
  })

  it('says why what the module threw was no answer', async () => {
    const cwd = writeFolder({ 'bot.ts': files['bot.ts'] })
    const { exitCode, stderr } = await runMain(['chat', '--local', './bot.ts', 'fail'], { cwd })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('what the module threw')
    expect(stderr).toContain('The chat interface could not answer.')
  })

  it.each<[readonly string[], number, RegExp]>([
    [['--local', './none.ts', 'hi'], 1, /none\.ts/],
    [['--local', 'hello', 'there'], 1, /hello\n[^]*To say that .*: colloquy chat --local -- hello …/s],
    [['--local', './bot.ts', '--url', 'localhost', 'hi'], 2, /^--url: can not go together with --local/],
    [['--local', './bot.ts', '--store', 'x', 'hi'], 2, /--store: "x"/],
  ])('refuses %j', async (argv, code, told) => {
    const cwd = writeFolder({ 'bot.ts': files['bot.ts'] })
    const { exitCode, stdout, stderr } = await runMain(['chat', ...argv], { cwd })
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' })
    expect(stderr).toMatch(told)
  })
})

describe.skipIf(noTerminal !== null)('colloquy chat --local, in a terminal', () => {
  it('prompts, shows what the module threw above the prompt, and leaves the terminal as it was', async () => {
    const cwd = writeFolder({ 'bot.ts': files['bot.ts'] })
    const line =
      'stty -g > before; colloquy chat --local ./bot.ts; echo "ended $?"; stty -g > after; cmp before after && echo same'
    const terminal = await startTerminal(line, { cwd, columns: 100 })
    await terminal.shows('Talking to bot in this process. /help tells more, Ctrl-D leaves.')
    await enter(terminal, 'one')
    await terminal.shows(/You said: one, after 0\n\n>$/)
    await enter(terminal, 'fail')
    await terminal.shows('what the module threw')
    await terminal.shows(/Up brings your message back\.\n\n>$/)
    await terminal.press('C-d')
    await terminal.shows('same')
    expect(settled(await terminal.screen())).toContain('>\nended 0\nsame')
  })

  it('begins with the chat that /new names, of several', async () => {
    const cwd = writeFolder(files)
    const terminal = await startTerminal('exec colloquy chat --local --chat loud', { cwd, columns: 100 })
    await terminal.shows('Talking to loud in this process.')
    await enter(terminal, 'hi')
    await terminal.shows(/^HI\n\n>$/m)
    await terminal.type('/new b')
    await terminal.press('Tab', 'Enter')
    await terminal.shows('A new session begins with the next message, with bot.')
    await enter(terminal, 'hi')
    await terminal.shows(/^You said: hi, after 0\n\n>$/m)
    await enter(terminal, '/new bit')
    const screen = await terminal.shows('Those there are')
    expect(screen).toContain('There is no chat bit. Those there are: loud, bot.')
  })
})
