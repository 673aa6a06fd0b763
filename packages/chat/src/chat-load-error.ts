/**
 * Why a module could not be loaded as a chat interface:
 * - `not_found`: there is no such file
 * - `unsupported_extension`: it is no file that can be loaded
 * - `failed_to_load`: it, or a module that it imports, has a syntax error, is missing, or threw while it was loaded; or
 *   its class, factory or promise failed
 * - `no_chat_interface`: none of its exports is one
 */
export type ChatLoadErrorCode = 'not_found' | 'unsupported_extension' | 'failed_to_load' | 'no_chat_interface'

/**
 * A module could not be loaded as a chat interface. The message is for the person who wrote the module: where something
 * threw, it ends with the frames of that person's files, and the stack is this message and no more. What was thrown is
 * the `cause`, with the whole of its stack.
 */
export class ChatLoadError extends Error {
  override readonly name = 'ChatLoadError'
  readonly code: ChatLoadErrorCode
  /** The module's file, as an absolute path. */
  readonly file: string

  constructor(
    code: ChatLoadErrorCode,
    file: string,
    lines: readonly string[],
    options?: { readonly cause: unknown },
  ) {
    super(lines.join('\n'), options)
    this.code = code
    this.file = file
    this.stack = `${this.name}: ${this.message}` // frames of ours lead the author nowhere
  }
}
