import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

/** The built command in a real terminal: what it shows is what a user would see. */
export interface TestTerminal {
  /** Types text as it is, without Enter. */
  type(text: string): Promise<void>
  /** Presses keys by their names in tmux: `Enter`, `Tab`, `Up`, `C-c`, `C-d`, `BSpace`. */
  press(...keys: string[]): Promise<void>
  /** What the screen shows: its lines, without the blanks at their ends and without the empty lines at the end. */
  screen(): Promise<string>
  /** The same, with what had to scroll off before it. */
  scrollback(): Promise<string>
  /** The same as `screen`, with the escape sequences of colours. */
  colouredScreen(): Promise<string>
  /** Waits until the screen shows a text, or is as wanted. Resolves with it, and throws it after ten seconds. */
  shows(wanted: string | RegExp | ((screen: string) => boolean)): Promise<string>
  /** Where the cursor is, from 0. */
  cursor(): Promise<{ readonly column: number; readonly row: number }>
  /** Makes it so large; the command gets a SIGWINCH. */
  resize(columns: number, rows: number): Promise<void>
  /** Waits until the command has ended: its exit code, or 128 and the number of the signal that ended it. */
  exitCode(): Promise<number>
}

export interface TestTerminalOptions {
  /** Default: 80. */
  readonly columns?: number
  /** Default: 24. */
  readonly rows?: number
  /** Beside PATH, HOME, LANG and TERM; nothing else of this process's environment is there. */
  readonly env?: Readonly<Record<string, string>>
  /** Default: this process's working directory. */
  readonly cwd?: string
}

/** Why there can be no terminal; null when there can: `it.skipIf(noTerminal !== null)`. */
export const noTerminal: string | null =
  spawnSync('tmux', ['-V']).status === 0 ? null : 'tmux is not installed'

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

/** How long something is waited for, in milliseconds. A busy machine is no fault. */
const patienceMs = 10_000

/** Starts the built command in a terminal of its own, which is gone when the test has finished. */
export function startInTerminal(
  argv: readonly string[],
  options: TestTerminalOptions = {},
): Promise<TestTerminal> {
  return startTerminal(`exec ${['colloquy', ...argv].map(inShell).join(' ')}`, options)
}

/** Runs a line of sh in a terminal, in which `colloquy` is the built command: for pipes, and what comes after it. */
export async function startTerminal(
  line: string,
  { columns = 80, rows = 24, env = {}, cwd = process.cwd() }: TestTerminalOptions = {},
): Promise<TestTerminal> {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-terminal-'))
  const config = join(folder, 'tmux.conf')
  writeFileSync(config, settings)
  writeFileSync(
    join(folder, 'colloquy'),
    `#!/bin/sh\nexec ${inShell(process.execPath)} ${inShell(bin)} "$@"\n`,
    {
      mode: 0o755,
    },
  )
  const inside = {
    PATH: `${folder}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    LANG: 'C.UTF-8',
  }
  const run = async (...args: string[]) => {
    const tmux = ['-u', '-S', join(folder, 'socket'), '-f', config, ...args]
    return (await promisify(execFile)('tmux', tmux, { env: inside, encoding: 'utf8' })).stdout
  }
  onTestFinished(async () => {
    await run('kill-server').catch(() => undefined) // it may have ended
    rmSync(folder, { recursive: true, force: true })
  })
  const size = ['-x', String(columns), '-y', String(rows)]
  // In the line itself: tmux says what TERM is.
  const variables = Object.entries(env).map(([name, value]) => `export ${name}=${inShell(value)}\n`)
  const statusFile = join(folder, 'status')
  const told = tellingStatus(variables.join('') + line, statusFile)
  await run('new-session', '-d', ...size, '-c', cwd, told)
  return terminalOf(run, statusFile)
}

/**
 * A line of sh that also writes down how it has ended: tmux itself does not always know. Ctrl-C is for what the line runs,
 * and not for who waits for that.
 */
function tellingStatus(line: string, file: string): string {
  return `trap : INT\n( ${line}\n)\necho $? >${inShell(`${file}.new`)}\nmv ${inShell(`${file}.new`)} ${inShell(file)}`
}

/** What has ended stays to be looked at, and no line says so; lines that scroll off are kept. */
const settings = `
set -g remain-on-exit on
set -g remain-on-exit-format ''
set -g status off
set -g history-limit 50000
set -g default-shell /bin/sh
set -g default-terminal screen-256color
set -g escape-time 0
`

function terminalOf(run: (...args: string[]) => Promise<string>, statusFile: string): TestTerminal {
  const capture = async (...args: string[]) => trimmed(await run('capture-pane', '-p', ...args))
  const ask = async (...names: string[]) => {
    const format = names.map((name) => `#{${name}}`).join(' ')
    return (await run('display-message', '-p', format)).replace(/\n$/, '').split(' ')
  }
  const until = async <Value>(
    look: () => Promise<Value>,
    isWanted: (value: Value) => boolean,
    what: () => string,
  ) => {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const value = await look()
      if (isWanted(value)) return value
      if (performance.now() > deadline)
        throw new Error(`${what()} did not come. The screen:\n${await capture()}`)
      await delay(20)
    }
  }
  return {
    type: async (text) => void (await run('send-keys', '-l', '--', text)),
    press: async (...keys) => void (await run('send-keys', '--', ...keys)),
    screen: () => capture(),
    scrollback: () => capture('-S', '-'),
    colouredScreen: () => capture('-e'),
    shows: (wanted) =>
      until(
        capture,
        (screen) => isAsWanted(screen, wanted),
        () => String(wanted),
      ),
    async cursor() {
      const [column, row] = await ask('cursor_x', 'cursor_y')
      return { column: Number(column), row: Number(row) }
    },
    resize: async (columns, rows) =>
      void (await run('resize-window', '-x', String(columns), '-y', String(rows))),
    async exitCode() {
      const read = () => readFile(statusFile, 'utf8').catch(() => '')
      return Number(
        await until(
          read,
          (status) => status !== '',
          () => 'The end',
        ),
      )
    },
  }
}

function isAsWanted(screen: string, wanted: string | RegExp | ((screen: string) => boolean)): boolean {
  if (typeof wanted === 'string') return screen.includes(wanted)
  return typeof wanted === 'function' ? wanted(screen) : wanted.test(screen)
}

function trimmed(screen: string): string {
  return screen.replaceAll(/[^\S\n]+$/gm, '').trimEnd()
}

function inShell(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
