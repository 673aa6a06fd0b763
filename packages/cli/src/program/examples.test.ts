import { type Command, CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { createProgram } from '../program.js'
import { runMain } from '../run-main.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import type { ProgramParts } from './program-parts.js'

/** A program whose commands do nothing but to say that they were called. */
function emptyProgram() {
  const stdout = new TextOutput()
  const called: string[] = []
  const part = (name: string): unknown =>
    new Proxy(() => undefined, {
      get: (_target, key) => part(`${name} ${String(key)}`),
      apply: async () => void called.push(name.trim()),
    })
  const parts = new Proxy({} as ProgramParts, {
    get: (_target, key) => (key === 'stdout' || key === 'stderr' ? stdout : part(String(key))),
  })
  return { program: createProgram(parts), stdout, called }
}

function commandsOf(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  return [path, ...command.commands.flatMap((child) => commandsOf(child, [...path, child.name()]))]
}

async function helpOf(path: readonly string[]): Promise<string> {
  const { program, stdout } = emptyProgram()
  await program.parseAsync([...path, '--help'], { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
  })
  return stdout.text
}

/** The lines of the examples in a help, without what is said of them. */
function examplesIn(help: string): readonly string[] {
  const [, after = ''] = help.split('\nExamples:\n')
  const [block = ''] = after.split('\n\n')
  return block.split('\n').map((line) => line.trim().split(/\s{2,}/)[0] ?? '')
}

/** What a shell gives to the command: without variables before it, pipes, and where the output goes. */
function argumentsIn(example: string): readonly string[] {
  const [, call] = /(?:^|[|] |\S+=\S+ )colloquy(?: (.*?))?(?: [|>] .*)?$/.exec(example) ?? []
  expect(call, example).toBeDefined()
  return Array.from(
    (call ?? '').matchAll(/'([^']*)'|"([^"]*)"|\S+/g),
    ([word, one, two]) => one ?? two ?? word,
  )
}

const paths = commandsOf(emptyProgram().program)

describe('the help of every command', () => {
  it('is looked at, also of commands of commands', () => {
    expect(paths.map((path) => path.join(' '))).toEqual(
      expect.arrayContaining(['serve', 'keys create', 'sessions list', 'health']),
    )
  })

  it.each(paths.map((path) => [['colloquy', ...path].join(' '), path] as const))(
    'has examples that can be typed, and the exit codes: %s',
    async (name, path) => {
      const help = await helpOf(path)
      expect(help).toMatch(/\nExit codes: 0 done, 1 failed, 2 called or configured wrongly/)
      const examples = examplesIn(help)
      expect(examples.length).toBeGreaterThanOrEqual(2)
      expect(examples.some((example) => example.includes(name))).toBe(true)
      for (const example of examples) {
        const { program, called, stdout } = emptyProgram()
        const argv = argumentsIn(example)
        if (argv[0] === 'help') continue // no action
        await program.parseAsync(argv, { from: 'user' }).catch((error: unknown) => {
          throw new Error(`${example}: ${stdout.text}`, { cause: error })
        })
        expect({ example, calls: called.length }).toEqual({ example, calls: 1 })
      }
    },
  )
})

it.each(paths.map((path) => [['colloquy', ...path].join(' '), path] as const))(
  'the help is fitted to the width of the screen, but for its examples: %s',
  async (_name, path) => {
    const stdout = Object.assign(new TextOutput({ isTTY: true }), { columns: 79 })
    await runMain([...path, '--help'], { stdout })
    const [before = '', after = ''] = stdout.text.split('\nExamples:\n')
    const lines = [before, after.slice(after.indexOf('\n\n'))].join('').split('\n')
    expect(lines.filter((line) => line.length > 79)).toEqual([])
  },
)

it('what an example does stands below it where there is no room beside it', async () => {
  const helpAt = async (columns: number) => {
    const stdout = Object.assign(new TextOutput({ isTTY: true }), { columns })
    await runMain(['health', '--help'], { stdout })
    return stdout.text
  }
  expect(await helpAt(80)).toContain('\n  colloquy health --strict --json    for a monitor\n')
  expect(await helpAt(45)).toContain('\n  colloquy health --strict --json\n      for a monitor\n')
})
