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
