import type { Clock, Logger } from '@colloquy/session'

/** How a program that answers is run. */
export interface ProcessOptions {
  /** The program: a path, or a name that is found in the PATH. No shell is asked. */
  readonly command: string
  /** Default: none. */
  readonly args?: readonly string[]
  /** Its working directory. Default: that of the server. */
  readonly cwd?: string
  /** Its environment, whole. Default: that of the server. */
  readonly env?: Readonly<Record<string, string>>
  /** What answers, in a word or two. Default: what the program calls itself, or else `defaultName`. */
  readonly name?: string
  /** What it is called until it has called itself something, and where it never does. Default: the file of `command`. */
  readonly defaultName?: string
  /** How many processes of it run: a turn is given to the one with the fewest. Default: 1. */
  readonly processes?: number
  /** How long it may take to be ready, and a turn may wait for one that is, in milliseconds. Default: 10,000. */
  readonly startTimeoutMs?: number
  /**
   * How long it may take to end after `stop` and the end of its stdin, in milliseconds. Then it gets SIGTERM. A session manager
   * waits for a stop as long as its limit `stopTimeoutMs` says (5,000): together with `killGraceMs` it has to be less. Default: 2,500.
   */
  readonly stopGraceMs?: number
  /**
   * How long a cancelled turn may take to end, in milliseconds. Then it is over without the program. Less than the limit
   * `stopTimeoutMs` of a session manager (5,000). Default: 4,000.
   */
  readonly cancelGraceMs?: number
  /** How long it may take to end after SIGTERM, in milliseconds. Then it gets SIGKILL. Default: 2,000. */
  readonly killGraceMs?: number
  /** How long it takes until a program that ended is started again, in milliseconds; twice as long each time. Default: 100. */
  readonly minRestartMs?: number
  /** The longest that this becomes, in milliseconds. Default: 30,000. */
  readonly maxRestartMs?: number
  /** The longest line that it may write, in characters (UTF-16 code units). Default: 1,048,576. */
  readonly maxLineLength?: number
  /** Is told what it writes to its stderr, what it writes that is not the protocol, and how it ends. Default: nobody. */
  readonly logger?: Logger
  /** Default: the machine's clock. */
  readonly clock?: Clock
}
