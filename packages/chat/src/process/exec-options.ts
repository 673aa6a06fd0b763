import type { Clock } from '@colloquy/session'

/** How a command that answers is run. */
export interface ExecOptions {
  /** What answers, in a word or two. Default: the program of the command, without its folder. */
  readonly name?: string
  /** Its working directory. Default: that of the server. */
  readonly cwd?: string
  /** Its environment, whole but for `COLLOQUY_SESSION_ID` and `COLLOQUY_TURN_ID`, which are added. Default: that of the server. */
  readonly env?: Readonly<Record<string, string>>
  /** How long it may take to end after SIGTERM, in milliseconds. Then it gets SIGKILL. Default: 2,000. */
  readonly killGraceMs?: number
  /** Default: the machine's clock. */
  readonly clock?: Clock
}
