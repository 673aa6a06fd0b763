import { appendFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { SessionExport } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { startMain, terminal } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

const header = '{"format":"colloquy-sessions","version":1}'

/** A folder with a file of many sessions, so large that it is read in several steps. */
async function manySessions(count: number) {
  const folder = await storeFolder({ 'web-shop': [0] })
  const [one] = (await folder.exported()) as [SessionExport]
  const metadata = { long: 'x'.repeat(500) }
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ ...one, sessionId: `sess_${1_000 + n}`, metadata }),
  )
  const text = [header, ...lines, ''].join('\n')
  const path = join(folder.cwd, 'many.jsonl')
  writeFileSync(path, text)
  const other = join(folder.cwd, 'other/colloquy.db')
  const start = (options: Parameters<typeof startMain>[1] = {}, ...argv: string[]) =>
    startMain(['sessions', 'import', 'many.jsonl', '--data-dir', 'other', ...argv], {
      cwd: folder.cwd,
      ...options,
    })
  return { ...folder, text, path, start, other, imported: () => folder.exported(other) }
}

/** A terminal where something happens as soon as a text is shown. */
function screenThat(text: string, act: () => void): TextOutput {
  const screen = new TextOutput({ isTTY: true })
  const look = () => {
    if (!screen.text.includes(text)) return
    screen.off('written', look)
    act()
  }
  return screen.on('written', look)
}

describe('a long import', () => {
  it('shows on a terminal how far it has come, and leaves the line free', async () => {
    const { start } = await manySessions(250)
    const screen = new TextOutput({ isTTY: true })
    const { stdout, stderr } = await start({ stderr: screen }).ended
    expect(stdout).toBe('Imported 250 sessions.\n')
    const wipe = '\r\u001b[J'
    const shown = stderr.split(wipe)
    expect([shown[0], shown.at(-1)]).toEqual(['', ''])
    expect(shown[1]).toMatch(/^Checking {2}\[#*-*\] +\d+% {2}1 session$/)
    expect(shown.find((line) => line.startsWith('Importing'))).toMatch(
      /^Importing {2}\[#*-*\] +\d+% {2}1 session$/,
    )
  })

  it('that is stopped leaves whole sessions, and says which, and how to go on', async () => {
    const { start, imported } = await manySessions(250)
    const stopped = new AbortController()
    const screen = screenThat('Importing', () => stopped.abort())
    const { exitCode, stdout, stderr } = await start({ stderr: screen, signal: stopped.signal }).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(
      /Stopped\.\n1 session was imported, the one in line 2\. Import the rest with --skip-existing\.\n$/,
    )
    expect(await imported()).toHaveLength(1)
    expect((await start({}, '--skip-existing').ended).stdout).toBe(
      'Imported 249 sessions.\nSkipped 1 that is there already.\n',
    )
  })

  it('that replaces, and is stopped, begins again with the first one', async () => {
    const { start } = await manySessions(150)
    const stopped = new AbortController()
    const screen = screenThat('Importing', () => stopped.abort())
    const { stderr } = await start({ stderr: screen, signal: stopped.signal }, '--replace').ended
    expect(stderr).toContain('in line 2. The same command begins again with the first one.\n')
  })

  it('that is stopped while it is checked has changed nothing', async () => {
    const { start, imported } = await manySessions(150)
    const stopped = new AbortController()
    const screen = screenThat('Checking', () => stopped.abort())
    const { exitCode, stderr } = await start({ stderr: screen, signal: stopped.signal }).ended
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/Stopped: nothing was imported\.\n$/)
    expect(await imported()).toEqual([])
  })

  it('is refused while somebody is writing to the file', async () => {
    const { start, path, imported } = await manySessions(150)
    const screen = screenThat('Checking', () => appendFileSync(path, '{"half":'))
    const { exitCode, stderr } = await start({ stderr: screen }).ended
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'Somebody is writing to many.jsonl just now, so nothing was imported. Wait until it is whole.\n',
    )
    expect(await imported()).toEqual([])
  })

  it('whose file is changed after it was checked stops there, and says what is imported', async () => {
    const { start, path, text, imported } = await manySessions(300)
    const screen = screenThat('Importing', () => writeFileSync(path, text.replaceAll('"web-shop"', '7')))
    const { exitCode, stderr } = await start({ stderr: screen }).ended
    expect(exitCode).toBe(1)
    const { length } = await imported()
    expect(length).toBeGreaterThan(1)
    expect(length).toBeLessThan(300)
    expect(stderr).toContain(`many.jsonl has changed meanwhile: line ${length + 2}: `)
    expect(stderr).toContain(`\n${length} sessions were imported, the last one in line ${length + 1}. `)
  })
})

describe('an import from stdin', () => {
  it('is like that of a file, and leaves nothing beside the store', async () => {
    const { cwd, text, imported } = await manySessions(3)
    const argv = ['sessions', 'import', '-', '--data-dir', 'other']
    const stdin = Readable.from([Buffer.from(text).subarray(0, 700), text.slice(700)])
    expect(await startMain(argv, { cwd, stdin }).ended).toEqual({
      exitCode: 0,
      stdout: 'Imported 3 sessions.\n',
      stderr: '',
    })
    expect(await imported()).toHaveLength(3)
    expect(readdirSync(join(cwd, 'other')).filter((file) => !file.startsWith('colloquy.db'))).toEqual([])
  })

  it('is checked as a whole first', async () => {
    const { cwd, text, imported } = await manySessions(3)
    const stdin = Readable.from([text, '{}\n'])
    const { exitCode, stderr } = await startMain(['sessions', 'import', '-', '--data-dir', 'other'], {
      cwd,
      stdin,
    }).ended
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^A line of stdin can't be imported, so nothing was:\n {2}line 5: /)
    expect(await imported()).toEqual([])
  })

  it('leaves nothing where there was no store, when it is wrong', async () => {
    const { cwd } = await manySessions(1)
    const argv = ['sessions', 'import', '-', '--data-dir', 'other/data']
    expect(await startMain(argv, { cwd, stdin: Readable.from(['{}\n']) }).ended).toMatchObject({
      exitCode: 1,
    })
    expect(readdirSync(cwd).sort()).toEqual(['data', 'many.jsonl'])
  })

  it('that is stopped while it waits for more has changed nothing', async () => {
    const { cwd, text, imported } = await manySessions(1)
    const stopped = new AbortController()
    let asked = 0
    const stdin = new Readable({
      read() {
        asked += 1
        if (asked === 1) this.push(text)
        else stopped.abort()
      },
    })
    const argv = ['sessions', 'import', '-', '--data-dir', 'other']
    const run = startMain(argv, { cwd, stdin, signal: stopped.signal })
    expect(await run.ended).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'Stopped: nothing was imported.\n',
    })
    expect(await imported()).toEqual([])
  })

  it('needs something that comes there', async () => {
    const { cwd } = await manySessions(0)
    const { stdin } = terminal()
    expect(await startMain(['sessions', 'import', '-', '--data-dir', 'other'], { cwd, stdin }).ended).toEqual(
      {
        exitCode: 2,
        stdout: '',
        stderr:
          'Nothing comes on stdin: it is a terminal. ' +
          'Example: gunzip -c sessions.jsonl.gz | colloquy sessions import - --data-dir data\n',
      },
    )
    const { stderr } = await startMain(['sessions', 'import', '-', '--data-dir', 'other'], { cwd }).ended
    expect(stderr).toContain('line 1: it is empty')
  })
})
