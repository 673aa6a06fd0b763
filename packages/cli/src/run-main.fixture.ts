import { PassThrough, Readable } from 'node:stream'
import { main } from './main.js'
import type { MainOptions } from './main-options.js'
import { TextOutput } from './text-output.fixture.js'

/** A command that runs in this process, with streams of its own and an empty environment. */
export interface Run {
  readonly stdout: TextOutput
  readonly stderr: TextOutput
  readonly ended: Promise<{ exitCode: number; stdout: string; stderr: string }>
}

/** Starts a command. */
export function startMain(argv: readonly string[], options: Partial<MainOptions> = {}): Run {
  const stdout = (options.stdout as TextOutput | undefined) ?? new TextOutput()
  const stderr = (options.stderr as TextOutput | undefined) ?? new TextOutput()
  const run = main({ argv, env: {}, stdin: Readable.from([]), ...options, stdout, stderr })
  return {
    stdout,
    stderr,
    ended: run.then((exitCode) => ({ exitCode, stdout: stdout.text, stderr: stderr.text })),
  }
}

/** Runs a command to its end. */
export function runMain(argv: readonly string[], options: Partial<MainOptions> = {}): Run['ended'] {
  return startMain(argv, options).ended
}

/** A terminal that somebody types into. */
export function terminal(): { readonly stdin: PassThrough & { isTTY: true }; readonly screen: TextOutput } {
  return {
    stdin: Object.assign(new PassThrough(), { isTTY: true as const }),
    screen: new TextOutput({ isTTY: true }),
  }
}
