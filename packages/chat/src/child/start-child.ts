import { type ChildProcess, spawn } from 'node:child_process'
import { platform } from 'node:os'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { type Clock, systemClock } from '@colloquy/session'
import { killAtExit } from './kill-at-exit.js'
import { type OutputPipe, readPipe } from './output-pipe.js'
import { readLines } from './read-lines.js'
import { signalGroup } from './signal-group.js'

/** How a program is started. */
export interface ChildOptions {
  readonly command: string
  /** Default: none. */
  readonly args?: readonly string[]
  /** Its working directory. Default: the process's. */
  readonly cwd?: string
  /** Its environment, whole. Default: that of the process. */
  readonly env?: Readonly<Record<string, string>>
  /** Whether the command is a line for the system's shell, without arguments. Default: false. */
  readonly shell?: boolean
  /** Is told each line that the program writes to its stderr, cut at 8,192 characters. Default: nobody; `stderr` has to be read. */
  readonly onStderr?: (line: string) => void
  /** How long it may take to end after SIGTERM, in milliseconds. Then it gets SIGKILL. Default: 2,000. */
  readonly killGraceMs?: number
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/** How a program has ended. */
export interface ChildEnd {
  /** Its exit code; null when a signal ended it, or it never ran. */
  readonly code: number | null
  /** What ended it; null when it ended by itself. */
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started: there is no such program, or it may not be run. */
  readonly error?: Error
}

/** A program that was started, and whatever it has started itself: they are one process group (POSIX.1, 3.282). */
export interface Child {
  readonly pid: number | undefined
  readonly stdin: Writable
  readonly stdout: Readable
  /** For whoever did not say who is told its lines. */
  readonly stderr: Readable
  /**
   * Resolves when it has ended, and everything that it wrote has been read or thrown away: soon after its exit, also where something
   * that left its group holds its outputs open. Never rejects.
   */
  readonly ended: Promise<ChildEnd>
  /** Whether it runs no more, though what it wrote may still be to be read; or never ran. */
  readonly hasExited: boolean
  /** Whether `ended` is so. */
  readonly hasEnded: boolean
  /**
   * Ends it, and everything in its group: with SIGTERM, and with SIGKILL after the grace; what is still to be read then is
   * thrown away. Ending it again waits for the same end.
   */
  end(): Promise<ChildEnd>
}

const longestStderrLine = 8_192
const defaultKillGraceMs = 2_000

/**
 * Starts a program, in a process group of its own: so that all that it starts can be ended with it. Whether it could be
 * started is told by `ended`. What is written to a stdin that it has closed goes nowhere. If this process exits first, the group
 * is killed.
 */
export function startChild(options: ChildOptions): Child {
  const {
    command,
    args = [],
    cwd,
    env,
    shell = false,
    onStderr,
    killGraceMs = defaultKillGraceMs,
    clock = systemClock,
  } = options
  const child = spawn(command, args, {
    cwd,
    shell,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, where there are such. On Windows it would get a window.
    detached: platform() !== 'win32',
    windowsHide: true,
    ...(env === undefined ? {} : { env }),
  })
  killAtExit(child)
  const { stdin, ...pipes } = pipesOf(child)
  const [output, errors] = [readPipe(pipes.stdout, clock), readPipe(pipes.stderr, clock)]
  const exited = exitOf(child)
  stdin.on('error', () => {}) // EPIPE: that it has ended is told by `ended`
  if (onStderr !== undefined) readLines(errors.stream, { longest: longestStderrLine, onLine: onStderr })
  const state = { hasExited: false, hasEnded: false }
  const ended = exited.then(async (end) => {
    state.hasExited = true
    await finish(end, [output, errors])
    state.hasEnded = true
    return end
  })
  let isEnding = false
  return {
    pid: child.pid,
    stdin,
    stdout: output.stream,
    stderr: errors.stream,
    ended,
    get hasExited() {
      return state.hasExited
    },
    get hasEnded() {
      return state.hasEnded
    },
    end() {
      if (isEnding || state.hasEnded) return ended
      isEnding = true
      if (!state.hasExited) signalGroup(child, 'SIGTERM')
      const cancel = clock.after(killGraceMs, () => {
        if (!state.hasExited) signalGroup(child, 'SIGKILL')
        // Nobody wants to read the rest.
        output.stream.destroy()
        errors.stream.destroy()
      })
      void ended.then(cancel)
      return ended
    },
  }
}

/** Its pipes. It has none when the process has no more file descriptors to make them of: then it never ran. */
function pipesOf(child: Partial<Pick<ChildProcess, 'stdin' | 'stdout' | 'stderr'>>) {
  return {
    stdin: child.stdin ?? new PassThrough(),
    stdout: child.stdout ?? new PassThrough().end(),
    stderr: child.stderr ?? new PassThrough().end(),
  }
}

/** How it has ended, as soon as it has. */
function exitOf(child: ChildProcess): Promise<ChildEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, error })
    })
    child.on('exit', (code, signal) => {
      // What it has started, and left behind.
      signalGroup(child, 'SIGKILL')
      resolve({ code, signal })
    })
  })
}

/** Reads what one that has ended left in its pipes; in those of one that never ran there is nothing. */
async function finish({ error }: ChildEnd, pipes: readonly OutputPipe[]): Promise<void> {
  if (error !== undefined) return
  for (const pipe of pipes) pipe.finish()
  await Promise.all(pipes.map(({ closed }) => closed))
}
