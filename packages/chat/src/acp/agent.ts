import type { AgentTurn } from './agent-turn.js'

/** An agent that runs, after the handshake. */
export interface Agent {
  /** What it can do with sessions of an earlier life. */
  readonly abilities: AgentAbilities
  /** Its turns, by its own ids of their sessions. */
  readonly turns: Map<string, AgentTurn>
  /** Where terminals are counted that begin or end. */
  readonly busyTerminals: Set<Promise<void>>
  /**
   * Asks it for something. When it answers, all that it had told before was heard. Authenticates where it wants that.
   *
   * @returns the fields of its answer, of which nothing is known
   * @throws RequestError that it answers with | ChatError where it wants to be authenticated, and can't be | Error when it has ended
   */
  ask(method: string, params: object): Promise<Readonly<Record<string, unknown>>>
  /** Tells it something. */
  tell(method: string, params: object): void
  /** Whether it has ended, or is about to. */
  readonly hasEnded: boolean
  /** Resolves with how it has ended, in words. */
  readonly ended: Promise<string>
  /** Ends it, and everything that runs for it. Never rejects. */
  end(): Promise<void>
}

/** What an agent can do with sessions of an earlier life. */
export interface AgentAbilities {
  readonly canResume: boolean
  readonly canLoad: boolean
  readonly canClose: boolean
}
