import type { ServerResponse } from 'node:http'

/** What is known of a request by the time it is answered, for its line in the log. */
export interface RequestFacts {
  /** The route's pattern; undefined when there is none. */
  route?: string
  sessionId?: string
  turnId?: string
  /** When it came, in milliseconds on a clock that never goes back. */
  startedAt?: number
  /** A health probe: they come every few seconds, and say nothing new. */
  isProbe?: boolean
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
