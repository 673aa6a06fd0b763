import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { storeFolder } from '../sessions/store-file.fixture.js'
import { noTerminal, startTerminal } from '../terminal.fixture.js'

/** More sessions than a pipe has room for. */
const many = 600

/**
 * A terminal in which an export goes into a pipe that nobody reads, until it is let go on: so it is somewhere in the
 * middle for as long as the test looks. Ctrl-C is for the export alone: the shell goes on, and keeps the terminal open.
 */
async function startExport(columns: number) {
  const { cwd } = await storeFolder({ 'web-shop': Array.from({ length: many }, () => 0) })
  const gate = join(cwd, 'gate')
  execFileSync('mkfifo', [gate])
  const terminal = await startTerminal(
    `trap : INT; echo before; colloquy sessions export --data-dir data | (trap '' INT; read first; read go < gate; cat > /dev/null); echo after`,
    { cwd, columns },
  )
  // Opened so, a pipe does not wait for a reader.
  return { terminal, letGoOn: () => writeFileSync(gate, 'go\n', { flag: 'r+' }) }
}

describe.skipIf(noTerminal !== null)('a long export on a terminal', () => {
  it('shows how far it is in one line, also when the terminal is resized, and leaves nothing of it', async () => {
    const { terminal, letGoOn } = await startExport(80)
    const bar = /^before\nExporting {2}\[#*-+\] +\d+% {2}\d+ sessions?.*$/
    expect((await terminal.shows(bar)).split('\n')).toHaveLength(2)
    // The terminal breaks the line into two, and moves what stands above out of sight, before anybody knows of it.
    await terminal.resize(30, 24)
    await terminal.shows(/(?:^|\n)Exporting {2}\[#*-+\] +\d+%$/)
    await terminal.resize(100, 24)
    await terminal.shows(/(?:^|\n)Exporting {2}\[#*-+\] +\d+% {2}\d+ sessions?.*$/)
    letGoOn()
    const screen = await terminal.shows('after')
    expect(screen).toMatch(new RegExp(`(?:^|\\n)Exported ${many} sessions\\.\\nafter$`))
    expect(screen).not.toContain('%')
  })

  it('is stopped by Ctrl-C, and leaves the terminal in order', async () => {
    const { terminal, letGoOn } = await startExport(80)
    await terminal.shows('%')
    await terminal.press('C-c')
    expect(await terminal.shows('Stopped')).toBe('before\nStopped: the export is not whole.')
    letGoOn()
    expect(await terminal.shows('after')).toBe('before\nStopped: the export is not whole.\nafter')
  })

  it('ends without a word when nobody reads on', async () => {
    const { cwd } = await storeFolder({ 'web-shop': Array.from({ length: many }, () => 0) })
    const line =
      'colloquy sessions export --data-dir data | head -n 1 > head.txt; cut -c 1-28 head.txt; echo after'
    const terminal = await startTerminal(line, { cwd })
    expect(await terminal.shows('after')).toBe('{"format":"colloquy-sessions\nafter')
    expect(await terminal.exitCode()).toBe(0)
  })
})
