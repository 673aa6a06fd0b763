/** A reason to end a command that is told to whoever typed it, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** 1: it failed while it ran. 2: it was called wrongly. */
  readonly exitCode: 1 | 2

  constructor(message: string, options: { readonly exitCode: 1 | 2; readonly cause?: unknown }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.exitCode = options.exitCode
  }
}

/** That a command was called or configured wrongly. */
export function usageError(message: string, cause?: unknown): CommandError {
  return new CommandError(message, { exitCode: 2, ...(cause === undefined ? {} : { cause }) })
}

/** That a command failed while it ran. */
export function failure(message: string, cause?: unknown): CommandError {
  return new CommandError(message, { exitCode: 1, ...(cause === undefined ? {} : { cause }) })
}
