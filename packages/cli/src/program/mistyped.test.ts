import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'

describe('what is mistyped', () => {
  it.each([
    ['./bot.ts', './bot.ts'],
    ['bot.py', 'bot.py'],
    ['model:ollama/llama3.2', 'model:ollama/llama3.2'],
    ['http://x/bot', '…'],
    ['exec:cat -u', '…'],
  ])('%j in place of a command is told with how to serve it', async (word, typed) => {
    expect(await runMain([word, '--port', '1'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: `That is no command, but may answer. To serve it: colloquy serve ${typed}\n`,
    })
  })

  it.each<[argv: readonly string[], suggestion: string, help: string]>([
    [['session', 'list'], 'Did you mean sessions?', 'colloquy --help'],
    [['stauts'], 'Did you mean status?', 'colloquy --help'],
    [['sessions', 'lst'], 'Did you mean list?', 'colloquy sessions --help'],
    [['sessions', 'ls'], 'Did you mean list?', 'colloquy sessions --help'],
    [['sessions', 'mesages', 'sess_1'], 'Did you mean messages?', 'colloquy sessions --help'],
    [['keys', 'ceate', 'web-shop'], 'Did you mean create?', 'colloquy keys --help'],
    [['sessions', 'list', '--limt', '5'], 'Did you mean --limit?', 'colloquy sessions list --help'],
    [['sessions', 'show', 'sess_1', '--jso'], 'Did you mean --json?', 'colloquy sessions show --help'],
    [['sessions', 'delete', 'sess_1', '--yess'], 'Did you mean --yes?', 'colloquy sessions delete --help'],
    [['health', '--wiat', '5'], 'Did you mean --wait?', 'colloquy health --help'],
    [['openapi', '--yml'], 'Did you mean --yaml?', 'colloquy openapi --help'],
    [['keys', 'list', '--fiel', 'keys.txt'], 'Did you mean --file?', 'colloquy keys list --help'],
    [['help', 'sesions'], 'Did you mean sessions?', 'colloquy --help'],
    [['help', 'sessions', 'lst'], 'Did you mean list?', 'colloquy sessions --help'],
  ])('%j is told with what is right, and where the help is', async (argv, suggestion, help) => {
    const { exitCode, stdout, stderr } = await runMain(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(`(${suggestion})\nSee: ${help}\n`)
  })

  it.each([
    [['sessions', 'frobnicate'], 'colloquy sessions --help'],
    [['sessions', 'show'], 'colloquy sessions show --help'],
    [['status', 'now'], 'colloquy status --help'],
    [['sessions', 'list', '--limit'], 'colloquy sessions list --help'],
  ])('%j is told with where the help is, where nothing is much like it', async (argv, help) => {
    const { exitCode, stderr } = await runMain(argv)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^error: /)
    expect(stderr).toContain(`\nSee: ${help}\n`)
  })
})

describe('colloquy help', () => {
  it.each([
    [['sessions', 'list'], 'Usage: colloquy sessions list '],
    [['keys', 'create'], 'Usage: colloquy keys create '],
    [['health'], 'Usage: colloquy health '],
    [['sessions'], 'Usage: colloquy sessions '],
    [['chat', 'Hello'], 'Usage: colloquy chat '],
  ])('%j shows the help of the command', async (names, usage) => {
    const { exitCode, stdout, stderr } = await runMain(['help', ...names])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.startsWith(usage)).toBe(true)
  })
})
