import { type ExitCode, exitCodes } from './exit-codes.js'

/** A reason to end a command that is told to whoever typed it, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode

  constructor(message: string, options: { readonly exitCode: ExitCode; readonly cause?: unknown }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.exitCode = options.exitCode
  }
}

/** That a command was called or configured wrongly. */
export function usageError(message: string, cause?: unknown): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.wrongUse,
    ...(cause === undefined ? {} : { cause }),
  })
}

/** That a command failed while it ran. */
export function failure(message: string, cause?: unknown): CommandError {
  return new CommandError(message, { exitCode: exitCodes.failed, ...(cause === undefined ? {} : { cause }) })
}
