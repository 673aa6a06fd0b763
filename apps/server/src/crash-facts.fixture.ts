import { isFinal, type PlainEvent } from './plain-http.fixture.js'

/** How sure it is that something was done: it was asked for and there was no answer, or there was. */
export type Certainty = 'not asked' | 'asked' | 'acknowledged'

/** What a client knows of a session. */
export interface SessionFacts {
  readonly sessionId: string
  /** What its metadata says: this, or, when the answer to the last change was lost, that. */
  version: number
  askedVersion: number
  deletion: Certainty
}

/** What a client knows of a turn. */
export interface TurnFacts {
  /** Of the message; its key as well. */
  readonly name: string
  readonly pieces: number
  readonly body: { readonly message: string; readonly session_id?: string; readonly on_busy?: string }
  /** Null until there was an answer. */
  session: SessionFacts | null
  turnId: string | null
  /** In order, from the first, each as it came. */
  readonly events: PlainEvent[]
  /** What a JSON answer of 200 said. */
  answer: unknown
  /** The code of the problem that said that there is no turn. */
  refusal: string | null
  /** How many answers said that theirs is the request that made the turn. */
  originals: number
  cancellation: Certainty
}

/** What all clients know, over all lives of the server. */
export interface Facts {
  readonly sessions: Map<string, SessionFacts>
  readonly turns: TurnFacts[]
  /** How many sessions may have been made that nobody knows the name of. */
  lostSessions: number
}

/** Knows nothing yet. */
export function createFacts(): Facts {
  return { sessions: new Map(), turns: [], lostSessions: 0 }
}

/** Whether all is known of a turn that there is to be known. */
export function isSettled({ refusal, session, events }: TurnFacts): boolean {
  if (refusal !== null || session?.deletion === 'acknowledged') return true
  const last = events.at(-1)
  return last !== undefined && isFinal(last)
}
