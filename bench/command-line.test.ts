import { describe, expect, it } from 'vitest'
import { helpText, readCommandLine } from './command-line.ts'

const names = ['json-turn', 'stream']
const read = (...args: readonly string[]) => readCommandLine(args, names)
const usual = { help: false, quick: false, only: null, rounds: 5, json: null, profile: null }

describe('the arguments', () => {
  it.each([
    [[], {}],
    [['--quick'], { quick: true, rounds: 1 }],
    [['--', '--quick', '--rounds', '2'], { quick: true, rounds: 2 }],
    [['--only', 'stream', '--only', 'json-turn'], { only: ['stream', 'json-turn'] }],
    [['--json', 'out.json'], { json: 'out.json' }],
    [['--profile', 'stream'], { profile: 'stream', only: ['stream'], rounds: 1 }],
    [['--profile', 'stream', '--rounds', '3'], { profile: 'stream', only: ['stream'], rounds: 3 }],
    [['-h'], { help: true }],
  ])('%j', (args, options) => {
    expect(read(...args)).toEqual({ ...usual, ...options })
  })

  it.each([
    [['--only', 'streams'], 'There is no workload streams. There are: json-turn, stream.'],
    [['--profile', 'x'], 'There is no workload x.'],
    [['--rounds', '0'], '--rounds 0: it has to be a number from 1 to 99, such as --rounds 5.'],
    [['--rounds', 'many'], '--rounds many'],
    [['--profile', 'stream', '--only', 'stream'], '--profile names its workload itself'],
    [['--fast'], "Unknown option '--fast'"],
    [['stream'], 'See --help.'],
  ])('that make no sense: %j', (args, message) => {
    expect(() => read(...args)).toThrow(message)
  })
})

it('tells what there is', () => {
  expect(helpText([{ name: 'stream', about: 'streams' }])).toContain('  stream  streams\n')
})
