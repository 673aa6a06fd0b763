/**
 * The port behind which every chat backend stands: a function, a class, a model, an agent, a program.
 *
 * What a chat interface promises:
 * 1. `reply` yields chunks in the order in which they are to be seen, and returns when the answer is whole; it stays ended then. The
 *    text as a whole has no half of a surrogate pair. `finish` comes once at most, with no text, call or result behind it.
 * 2. It stops soon after `context.signal` is aborted. One that doesn't is abandoned: the turn ends without it.
 * 3. It keeps nothing about a session between turns but what it hands out as a `state` chunk.
 * 4. `reply` may run for many sessions at once, and at most once at a time for one session. Only one that was abandoned (2.)
 *    may go on beside the next ones, also after `stop()`: no limit and no number of running turns counts it any more.
 * 5. What it does when the signal is aborted does not throw, and leaves no rejection without a handler: a listener that
 *    throws ends the process, and so does a promise that was begun, is not awaited yet, and rejects because of the signal.
 *
 * What it is promised:
 * 1. `reply` is called after `start()` has resolved and never after `stop()` was called.
 * 2. `context.history` holds the latest messages of the session before this one, oldest first.
 * 3. A `state` chunk is saved together with the end of its turn, and only if the turn completes.
 *
 * What it is given is read-only: `state`, `session.metadata` and the `functionsCalled` of the history are frozen, with all
 * that is in them, so that a write to them throws in strict code; from other stores than this package's they may be copies,
 * and a write is lost. The state is changed by a chunk with a new value.
 */
import type { JsonObject, JsonValue } from './json.js'
import type { Logger } from './logger.js'

/** Something that answers messages. */
export interface ChatInterface {
  /** What answers, in a word or two, for logs and status pages. */
  readonly name: string
  /** The functions that it can call while it answers, for status pages. Where it names any, it calls no others. */
  readonly functions?: readonly FunctionDefinition[]
  /**
   * Where it is several, between which sessions choose when they are made: these, by their names. The first one is that of
   * sessions that choose none. In each turn `context.session.chat` tells which. Default: it is one, and there is no choice.
   */
  readonly chats?: readonly ChatChoice[]
  /**
   * Makes it ready, before the first `reply`. A rejection keeps the manager from becoming ready, and what was taken until
   * then is its own to free; it may be called again after one, and never otherwise.
   */
  start?(): Promise<void> | void
  /**
   * Frees what `start` took; called once, after the last turn has ended. Not called where `start` never resolved. A second
   * call, also while the first is under way, does no harm.
   */
  stop?(): Promise<void> | void
  /**
   * Tells how each of its components is doing: one that is unhealthy after `start` keeps the manager from becoming ready.
   * Whoever can ask for the health sees the names and the details, so they must hold no secrets. Details are cut at 200
   * characters, names at 64, and at most 50 components are told. While it has not answered, it is not called again
   * for half a minute.
   */
  health?(): Promise<HealthReport> | HealthReport
  /** Answers one message. See the promises above. */
  reply(message: string, context: ChatContext): AsyncIterable<Chunk | string>
}

/** One of several chat interfaces, between which a session can choose. */
export interface ChatChoice {
  readonly name: string
  /** The functions that it can call. */
  readonly functions: readonly FunctionDefinition[]
}

/** A function (tool) that a chat interface can call while it answers. */
export interface FunctionDefinition {
  readonly name: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject
}

/** What a chat interface is told about the turn that it answers. */
export interface ChatContext {
  /** The window of earlier messages, oldest first, without the one to answer. */
  readonly history: readonly HistoryMessage[]
  readonly session: {
    readonly id: string
    readonly metadata: Readonly<Record<string, string>>
    /** Which of the `chats` the session chose when it was made; null where there was no choice. */
    readonly chat: string | null
  }
  readonly turnId: string
  /** Aborted on stop, time-out and shutdown. */
  readonly signal: AbortSignal
  /** The trace that the message is a part of, when it came with one: pass it on to what the answer is asked from. */
  readonly trace?: TraceContext
  /** Its lines carry the session's and the turn's id. */
  readonly logger: Logger
  /**
   * What the latest `state` chunk of a turn of this session that completed held; `null` before the first. Read-only, with
   * everything in it: to change it, yield a `state` chunk with a new value.
   */
  readonly state: JsonValue
}

/** The headers of a distributed trace (W3C Trace Context), by their names, ready to be sent on. */
export interface TraceContext {
  readonly traceparent: string
  readonly tracestate?: string
}

/** An earlier message, as a chat interface sees it. */
export interface HistoryMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
  /** The functions that were called while this message was made. */
  readonly functionsCalled?: readonly FunctionCall[]
}

/** A function call that was answered, with its result or its error; with neither when it never returned. */
export interface FunctionCall {
  readonly callId: string
  readonly name: string
  readonly arguments: JsonValue
  readonly result?: JsonValue
  readonly error?: string
}

/** Why an answer ended. */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'other'

/** What an answer cost, in the chat interface's own tokens. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
}

/** A piece of an answer. A plain string stands for a text chunk. */
export type Chunk =
  | { readonly type: 'text'; readonly text: string }
  /** A function is called, by the chat interface itself. No other call of the turn has its id. */
  | {
      readonly type: 'functionCall'
      readonly callId: string
      readonly name: string
      readonly arguments: JsonValue
    }
  /** What a call of this turn has led to, once: a result or an error. The id and the name are those of the call. */
  | {
      readonly type: 'functionResult'
      readonly callId: string
      readonly name: string
      readonly result: JsonValue
    }
  | {
      readonly type: 'functionResult'
      readonly callId: string
      readonly name: string
      readonly error: string
    }
  /** Anything else that clients of this chat interface understand. */
  | { readonly type: 'data'; readonly name: string; readonly data: JsonValue }
  /** Replaces the session's state when the turn completes. The last one of a turn counts. */
  | { readonly type: 'state'; readonly state: JsonValue }
  /** What the answer cost. Several are added up, to safe integers. */
  | { readonly type: 'usage'; readonly inputTokens: number; readonly outputTokens: number }
  /** Why the answer ended; `stop` when there is none. */
  | { readonly type: 'finish'; readonly reason: FinishReason }

/** How something is doing. */
export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** A status for each named component. */
export type HealthReport = Readonly<
  Record<string, { readonly status: HealthStatus; readonly detail?: string }>
>
