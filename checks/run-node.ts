import { execFile } from 'node:child_process'

/** How a program ended, and what it wrote. */
export interface Ended {
  /** Null when it was killed. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** What a program of a check gets of the environment: nothing that the test runner put there. */
export const plainEnvironment = {
  PATH: process.env['PATH'] ?? '',
  HOME: process.env['HOME'] ?? '',
  NO_COLOR: '1',
}

/** Runs a program under this Node, for at most half a minute. */
export function runNode(
  program: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const { cwd, env } = options
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      program,
      { cwd, env: { ...plainEnvironment, ...env }, timeout: 30_000 },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, stdout, stderr }),
    )
  })
}
