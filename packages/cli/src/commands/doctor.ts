import { usageError } from '../command-error.js'
import type { Flags } from '../config/read-config.js'
import type { CheckFinding } from '../doctor/finding.js'
import { localChecks } from '../doctor/local/local-checks.js'
import { remoteChecks } from '../doctor/remote/remote-checks.js'
import { runChecks } from '../doctor/run-checks.js'
import { summaryOf, tellFinding } from '../doctor/tell-finding.js'
import type { Surroundings } from '../main-options.js'
import { hasColours } from '../output/colours.js'

/** The flags of `colloquy doctor`: those of `colloquy serve`, and these. */
export interface DoctorFlags extends Flags {
  /** The server that is looked at, instead of what would be served here. */
  readonly url?: string | undefined
  /** What is said to that server, to see how its answer comes. */
  readonly message?: string | undefined
  readonly json: boolean
}

/**
 * Looks at everything that a server here would need, or at a server that runs elsewhere, and says how to mend what is wrong.
 *
 * @param chat what would answer, as it was named
 * @returns the exit code: 0 when there is no fault
 * @throws CommandError when it was called wrongly
 */
export async function doctorCommand(
  chat: string | undefined,
  { url, message, json, ...flags }: DoctorFlags,
  surroundings: Surroundings,
): Promise<0 | 1> {
  if (url === undefined && message !== undefined)
    throw usageError('--message is said to a server: name it. Example: --url https://chat.example.com')
  const { stdout, env } = surroundings
  const checks =
    url === undefined
      ? localChecks(chat, flags, surroundings)
      : remoteChecks({ url, message, faults: flags.faults }, surroundings)
  const style = {
    ...(stdout.isTTY === true ? { columns: stdout.columns ?? 80 } : {}),
    colours: hasColours(stdout, env),
    names: checks.map(({ name }) => name),
  }
  const findings: CheckFinding[] = []
  for await (const finding of runChecks(checks)) {
    findings.push(finding)
    if (!json) stdout.write(tellFinding(finding, style))
  }
  const isFine = findings.every(({ status }) => status !== 'fault')
  stdout.write(json ? `${JSON.stringify({ ok: isFine, findings }, null, 2)}\n` : `\n${summaryOf(findings)}\n`)
  return isFine ? 0 : 1
}
