import { ChatError } from '@colloquy/session'
import type { ChildEnd } from '../child/start-child.js'
import { RequestError } from './request-error.js'

/** How an agent has ended, in words. */
export function describeEnd({ code, signal, error }: ChildEnd): string {
  if (error !== undefined) return `could not be started: ${'code' in error ? String(error.code) : error.name}`
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}

/** Whether an agent answered with an error of this code. */
export function hasCode(error: unknown, code: number): boolean {
  return error instanceof RequestError && error.code === code
}

/** What a turn fails with. Of what an agent says, only the code is told: its text may hold anything. */
export function turnError(error: unknown, method: string, name: string): Error {
  if (!(error instanceof RequestError)) return error instanceof Error ? error : new Error('The agent failed.')
  return new ChatError('upstream_failed', `The agent ${name} answered ${method} with error ${error.code}.`)
}
