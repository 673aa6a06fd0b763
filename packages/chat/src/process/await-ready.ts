import type { ChildEnd } from '../child/start-child.js'
import { adviceOn, describeEnd } from './describe-end.js'
import type { ProcessSetup } from './process-setup.js'
import type { Program } from './program.js'
import type { ReadyLine } from './program-line.js'

/** Why a program is not ready. The message has its last words; the reason fits into a sentence, and has not. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly reason: string

  constructor(message: string, reason: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/**
 * Waits until a program is ready. One that isn't in time, or says so wrongly, is ended first.
 *
 * @throws StartError that says why, and what to do
 */
export async function awaitReady(program: Program, setup: ProcessSetup): Promise<ReadyLine> {
  const { clock, startTimeoutMs } = setup
  const late = Promise.withResolvers<'late'>()
  const cancelTimer = clock.after(startTimeoutMs, () => late.resolve('late'))
  try {
    const first = await Promise.race([
      program.ready.then((ready) => ({ ready })),
      program.ended.then((end) => ({ end })),
      late.promise,
    ])
    if (first === 'late') throw await lateError(program, setup)
    if ('end' in first) throw endError(program, first.end, setup)
    return first.ready
  } catch (error) {
    await program.end()
    throw error instanceof StartError ? error : wrongError(program, error)
  } finally {
    cancelTimer()
  }
}

async function lateError(program: Program, { label, startTimeoutMs }: ProcessSetup): Promise<StartError> {
  await program.end()
  const reason = `was not ready within ${startTimeoutMs} ms`
  return new StartError(
    `The program "${label}" ${reason}. It has to write {"type":"ready"} as its first line, and to flush its output ` +
      `after each line.${program.lastWords.text}`,
    reason,
  )
}

function endError(program: Program, end: ChildEnd, { label }: ProcessSetup): StartError {
  const reason = describeEnd(end)
  if (end.error !== undefined)
    return new StartError(`The program "${label}" ${reason}. ${adviceOn(end.error)}`, reason)
  return new StartError(
    `The program "${label}" ${reason} before it was ready. It has to write {"type":"ready"}, and to run until its stdin ` +
      `ends.${program.lastWords.text}`,
    reason,
  )
}

function wrongError(program: Program, error: unknown): StartError {
  const message = error instanceof Error ? error.message : 'The program said wrongly that it is ready.'
  return new StartError(message + program.lastWords.text, 'said wrongly that it is ready')
}
