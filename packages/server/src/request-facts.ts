import type { ServerResponse } from 'node:http'
import type { ProblemCode } from '@colloquy/contract'
import type { SessionScope, TraceContext } from '@colloquy/session'

/** What is known of a request by the time it is answered, for its line in the log and for the metrics. */
export interface RequestFacts {
  /** The route's pattern; undefined when there is none. */
  route?: string
  /** The session that it was about: one that is there. What a client calls one may be anything. */
  sessionId?: string
  turnId?: string
  /** The address of its client. */
  client?: string
  /** The code of the problem that it was answered with. */
  code?: ProblemCode
  /** The name of the key that it came with. */
  keyName?: string
  /** The trace that it is a part of, and that trace's id. */
  trace?: TraceContext
  traceId?: string
  /** The sessions and turns of the caller, once there is one. */
  scope?: SessionScope
  /** When it came, in milliseconds on a clock that never goes back. */
  startedAt?: number
  /** A health probe or a scrape: they come every few seconds, and say nothing new. */
  isProbe?: boolean
  /** Whether the answer is a stream. */
  isStream?: boolean
  /** Is called when a stream begins. */
  onStream?: () => void
  /** The status of an answer that was sent past the response: what came after its head was no HTTP, or too late. */
  statusPast?: number
  /** Whether the reader of a stream took nothing of it for too long. */
  isStalled?: boolean
  /**
   * How it ended: `left`, the client went away before; `stalled`, it was there and took nothing any more; `broken`, the
   * server had to break the answer off.
   */
  ending?: 'answered' | 'left' | 'stalled' | 'broken'
  /** From its arrival to its end, in milliseconds. */
  durationMs?: number
  /** What was sent, head and body. */
  bytes?: number
}

// Not in `res.locals`: in an application that mounts this one, those are the host's.
const facts = new WeakMap<ServerResponse, RequestFacts>()

/** The facts of the request that a response answers; add to them what becomes known. */
export function factsOf(res: ServerResponse): RequestFacts {
  let found = facts.get(res)
  if (found === undefined) {
    found = {}
    facts.set(res, found)
  }
  return found
}
