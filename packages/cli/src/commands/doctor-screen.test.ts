import { describe, expect, it } from 'vitest'
import { noTerminal, startInTerminal } from '../terminal.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

/** Without what differs from machine to machine: versions, times, and how many files may be open. */
const withoutNumbers = (screen: string) =>
  screen.replace(/^\w+ +open files[^]*?(?=^\w+ +docs)/m, '').replaceAll(/\d[\d.:TZ-]*(?<!\.)/g, 'N')

/** A port, and a number of turns, that any machine has room for. */
const modest = ['--port', '0', '--max-turns', '1']

describe.skipIf(noTerminal !== null)('colloquy doctor on a terminal', () => {
  it('tells what it finds in columns', async () => {
    const argv = ['doctor', './bot.ts', ...modest, '--host', '0.0.0.0', '--allow-unauthenticated']
    const terminal = await startInTerminal(argv, { cwd: writeFolder({}) })
    const screen = await terminal.shows(/\n1 fault, 1 warning\.$/)
    expect(withoutNumbers(screen).replace(/file \S+bot\.ts/, 'file BOT')).toMatchInlineSnapshot(`
      "ok         node        Node N, with SQLite N.
      ok         clock       The clock says N.
      ok         settings    No configuration file; N settings are given.
      ok         port        Any free port of N.
      warning    callers     Anybody who reaches N can chat, and read every
                             session.
                             Make a key: colloquy keys create web-shop --file
                             keys.txt, and name its file: --api-keys-file keys.txt
      ok         store       In memory: sessions are gone at the end. --data-dir data
                             would keep them.
      fault      answers     There is no file BOT
      ok         docs        Shown to everybody who gets there.

      N fault, N warning."
    `)
    expect(await terminal.colouredScreen()).toContain('\u001b[31mfault')
    expect(await terminal.exitCode()).toBe(1)
  })

  it('fits itself to 40 columns, without colours where none are wanted', async () => {
    const terminal = await startInTerminal(['doctor', ...modest], {
      columns: 40,
      rows: 50,
      env: { NO_COLOR: '1' },
    })
    const screen = await terminal.shows('All is in order.')
    expect(withoutNumbers(screen)).toMatchInlineSnapshot(`
      "ok  node
        Node N, with SQLite N.
      ok  clock
        The clock says N.
      ok  settings
        No configuration file; N settings are
        given.
      ok  port
        Any free port of localhost.
      ok  callers
        No authentication: only this machine.
      ok  store
        In memory: sessions are gone at the
        end. --data-dir data would keep them.
      ok  answers
        The built-in assistant: loads and
        starts.
      ok  docs
        Shown to everybody who gets there.

      All is in order."
    `)
    expect(await terminal.colouredScreen()).not.toContain('\u001b[')
    expect(await terminal.exitCode()).toBe(0)
  })

  it('ends with Ctrl-C while what answers hangs in its start', async () => {
    const cwd = writeFolder({
      'bot.ts': `export default {
        start: () => new Promise<void>(() => { setInterval(() => {}, 1_000) }),
        reply: (message: string) => message,
      }`,
    })
    const terminal = await startInTerminal(['doctor', './bot.ts', ...modest], { cwd })
    await terminal.shows(/\nok +store /)
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(130)
  })
})
