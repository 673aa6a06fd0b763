import type { Environment, Input, Output, ProcessHooks } from '../../main-options.js'

/** Where the messages of a chat come from: somebody who types. */
export interface MessageSource {
  /**
   * Asks for the next message. Resolves with undefined when whoever types has left.
   *
   * @param options.text what stands in the line already. Default: nothing
   * @param options.isArmed whether Ctrl-C leaves at once, because the one before has just stopped something. Default: no
   */
  read(options?: ReadOptions): Promise<string | undefined>
  /** Whether Up brings anything back. */
  readonly hasRecall: boolean
  /** Puts other texts in the place of those that Up brings back, oldest first. */
  recall(texts: readonly string[]): void
  /** Lets something be written above the line that is being typed. */
  writeAbove(write: () => void): void
  /** Gives the terminal back as it was. */
  close(): void
}

export interface ReadOptions {
  readonly text?: string | undefined
  readonly isArmed?: boolean
}

/** Who is told of keys that are pressed while nothing is asked for. */
export interface Interruptions {
  /** Ctrl-C. */
  readonly interrupt: () => void
  /** Ctrl-D, or the terminal has gone. */
  readonly leave: () => void
}

/** What a source of messages needs. */
export interface SourceParts extends Interruptions {
  readonly stdin: Input
  /** Where the prompt is. */
  readonly screen: Output
  readonly env: Environment
  /** Whose SIGINT is a Ctrl-C, and SIGTERM a Ctrl-D. Default: nobody's. */
  readonly process?: ProcessHooks | undefined
  /** Lines that a line could become, each whole, in answer to Tab. */
  readonly complete: (line: string) => Promise<readonly string[]>
  /** Tells something about typing, in a line of its own. */
  readonly note: (text: string) => void
}

/** What is said of a Ctrl-C that could be a mistake. */
export const leavingHint = 'Ctrl-C again, or Ctrl-D, to leave'
