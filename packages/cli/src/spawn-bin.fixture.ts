import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { TextOutput } from './text-output.fixture.js'

/** The built command, as a process. */
export interface BinProcess {
  readonly child: ChildProcess
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>
  /** Ends it, if it runs. */
  kill(): void
}

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url))

/** Starts the built command. */
export function spawnBin(
  argv: readonly string[],
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly nodeArgs?: readonly string[]
    /** A file descriptor to write to, so that `stdout` stays empty. */
    readonly stdout?: number
  } = {},
): BinProcess {
  const { env = {}, nodeArgs = [] } = options
  const child = spawn(process.execPath, [...nodeArgs, bin, ...argv], {
    env,
    stdio: ['ignore', options.stdout ?? 'pipe', 'pipe'],
  })
  const stdout = new TextOutput()
  const stderr = new TextOutput()
  child.stdout?.setEncoding('utf8').pipe(stdout)
  child.stderr?.setEncoding('utf8').pipe(stderr)
  return {
    child,
    stdout,
    stderr,
    ended: once(child, 'close').then(([exitCode]: unknown[]) => ({
      exitCode: exitCode as number | null,
      stdout: stdout.text,
      stderr: stderr.text,
    })),
    kill: () => child.kill('SIGKILL'),
  }
}
