import type { Client } from '@colloquy/client'
import type { Clock } from '@colloquy/session'

/** A session at another server. */
export interface RemoteSession {
  readonly id: string
  /** Whether it takes the place of one that is gone, with all that was said in it. */
  readonly isRenewed: boolean
}

/** Another Colloquy server. */
export interface Remote {
  readonly client: Client
  /** The server, in the words of an error. */
  readonly who: string
  readonly chat: string | undefined
  readonly ttlSeconds: number | undefined
  /** How long it may take to tell what it is, in milliseconds. */
  readonly startTimeoutMs: number
  readonly clock: Clock
  /**
   * The sessions that were made there for turns that have not completed here, by the ids of the turns: a turn that is asked
   * again has to be asked in the same session.
   */
  readonly made: Map<string, RemoteSession>
  /** Turns that are being cancelled there. */
  readonly cancelling: Set<Promise<void>>
}
