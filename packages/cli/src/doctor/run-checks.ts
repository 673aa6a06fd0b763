import { maskCredentials } from '@colloquy/server'
import { CommandError } from '../command-error.js'
import { type Check, type CheckFinding, type Finding, fault } from './finding.js'

/** Runs checks at once, and gives what they find in the order of the checks, as soon as it is known. */
export async function* runChecks(checks: readonly Check[]): AsyncGenerator<CheckFinding> {
  const running = checks.map((check) => ({ check, findings: runCheck(check) }))
  for (const { check, findings } of running)
    for (const finding of await findings) yield { check: check.name, ...withoutSecrets(finding) }
}

/** It never rejects: others may still be waited for. */
async function runCheck(check: Check): Promise<readonly Finding[]> {
  const { patienceMs: ms = 20_000 } = check
  const { promise: tooLate, resolve } = Promise.withResolvers<Finding>()
  const stop = new AbortController()
  const timer = setTimeout(() => {
    stop.abort()
    resolve(fault(`It took longer than ${ms / 1000} seconds.`, 'Find out what it waits for.'))
  }, ms)
  try {
    const found = await Promise.race([check.run(stop.signal), tooLate])
    return 'status' in found ? [found] : found
  } catch (error) {
    return [fault(told(error), '')]
  } finally {
    clearTimeout(timer)
  }
}

function told(error: unknown): string {
  if (error instanceof CommandError) return error.message
  return error instanceof Error ? error.message || error.name : String(error)
}

function withoutSecrets({ status, found, mend }: Finding): Finding {
  return { status, found: maskCredentials(found), ...(mend === undefined ? {} : { mend }) }
}
