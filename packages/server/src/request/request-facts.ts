import type { ServerResponse } from 'node:http'
import type { ProblemCode } from '@colloquy/contract'
import type { SessionScope, TraceContext, TurnRef, TurnReport } from '@colloquy/session'

const none: readonly never[] = []

/** What is known of a request by the time it is answered, for its line in the log and for the metrics. */
export class RequestFacts {
  /** The id of the request. */
  id = ''
  /** When it came, in milliseconds on a clock that never goes back. */
  readonly startedAt = performance.now()
  /** The route's pattern; undefined when there is none. */
  route: string | undefined = undefined
  /** The session that it was about: one that is there. What a client calls one may be anything. */
  sessionId: string | undefined = undefined
  turnId: string | undefined = undefined
  /** The turn that the answer is about; its headers name it. */
  turn: TurnRef | undefined = undefined
  /** How the turn ended that it began, where its answer waits for that. */
  turnReport: TurnReport | undefined = undefined
  /** The address of its client. */
  client: string | undefined = undefined
  /** The code of the problem that it was answered with. */
  code: ProblemCode | undefined = undefined
  /** What its caller is called: of keys, the name of the key. */
  callerName: string | undefined = undefined
  /** The trace that it is a part of, and that trace's id. */
  trace: TraceContext | undefined = undefined
  traceId: string | undefined = undefined
  /** The sessions and turns of the caller, once there is one. */
  scope: SessionScope | undefined = undefined
  /** Whether a line at level info of it is written. */
  isLogged = false
  /** A health probe or a scrape: they come every few seconds, and say nothing new. */
  isProbe = false
  /** Whether the answer is a stream. */
  isStream = false
  /** Is called when a stream begins. */
  onStream: (() => void) | undefined = undefined
  /** The status of an answer that was sent past the response: what came after its head was no HTTP, or too late. */
  statusPast: number | undefined = undefined
  /** What went wrong with the response itself: something wrote to it after its end, say. */
  fault: Error | undefined = undefined
  /** Whether the reader of a stream took nothing of it for too long. */
  isStalled = false
  /** Headers of its answer that are known before there is one, each name followed by its value. */
  headers: readonly string[] = none
  /** Where that is which it made. */
  location: string | undefined = undefined
  /** What had been sent on its connection before its answer, in bytes. */
  bytesBefore = 0
  /**
   * How it ended: `left`, the client went away before; `stalled`, it was there and took nothing any more; `broken`, the
   * server had to break the answer off.
   */
  ending: 'answered' | 'left' | 'stalled' | 'broken' | undefined = undefined
  /** From its arrival to its end, in milliseconds. */
  durationMs: number | undefined = undefined
  /** What was sent, head and body. */
  bytes: number | undefined = undefined
}

/** Not in `res.locals`: in an application that mounts this one, those are the host's. */
const key = Symbol('facts')

interface WithFacts {
  [key]?: RequestFacts
}

/** The facts of the request that a response answers; add to them what becomes known. */
export function factsOf(res: ServerResponse & WithFacts): RequestFacts {
  return (res[key] ??= new RequestFacts())
}

/** The status that was sent; null when the client had gone before there was one. */
export function statusOf(res: ServerResponse): number | null {
  return res.headersSent ? res.statusCode : (factsOf(res).statusPast ?? null)
}
