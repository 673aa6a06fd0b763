import { describe, expect, it } from 'vitest'
import { noTerminal, startInTerminal, startTerminal } from './terminal.fixture.js'

describe.skipIf(noTerminal !== null)('the command in a terminal', () => {
  it('shows its help, fitted to the width, and ends with 0', async () => {
    const terminal = await startInTerminal(['keys', '--help'], { columns: 60, rows: 50 })
    expect(await terminal.exitCode()).toBe(0)
    const lines = (await terminal.screen()).split('\n')
    expect(lines[0]).toBe('Usage: colloquy keys [options] [command]')
    expect(lines.find((line) => line.includes('create [options] <name>'))).toBeDefined()
  })

  it('takes what is typed, and ends with Ctrl-C', async () => {
    const terminal = await startTerminal('cat; echo "ended with $?"')
    await terminal.type("it's $typed")
    await terminal.shows("it's $typed")
    expect(await terminal.cursor()).toEqual({ column: 11, row: 0 })
    await terminal.press('Enter', 'C-d')
    await terminal.shows('ended with 0')
    expect(await terminal.exitCode()).toBe(0)
  })

  it.each([
    ['exit 0', 0],
    ['exit 3', 3],
    ["sh -c 'kill -INT $$'", 130],
    ["sh -c 'kill -KILL $$'", 137],
  ])('ends as a shell would tell it: %s is %i', async (line, exitCode) => {
    expect(await (await startTerminal(line)).exitCode()).toBe(exitCode)
  })

  it('is resized', async () => {
    const terminal = await startTerminal('cat; stty size')
    await terminal.resize(40, 10)
    await terminal.press('C-d')
    expect(await terminal.shows('10 40')).toContain('10 40')
  })
})
