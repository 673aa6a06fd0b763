import type { FunctionCall } from '../chat-interface.js'
import type { JsonValue } from '../json.js'
import type {
  AcceptOutcome,
  AcceptRequest,
  NewMessage,
  NewSession,
  OwnedTurnRef,
  SessionBound,
  SessionRef,
  SessionStore,
  TurnEnd,
} from '../session-store.js'
import type { TurnEndStatus, TurnEvent, TurnEventBody, TurnRef } from '../turn-event.js'
import type { Views } from './watch-change.js'

/** The moment at which every test of the suite begins: milliseconds since 1970. */
export const start = Date.UTC(2026, 0, 1)

/** How long a session of the suite lives unless a test says otherwise, in milliseconds. */
export const ttlMs = 60_000

/** Whose the sessions of the suite are unless a test says otherwise. */
export const owner = 'owner-1'

/** The lease of every turn of the suite unless a test says otherwise. */
export const lease = { instance: 'instance-1', until: start + 30_000 }

/** A bound that nothing in the suite reaches by accident. */
export const roomy: SessionBound = { maxSessions: 1_000, whenFull: 'reject', now: start }

export function newSession(sessionId: string, changes: Partial<NewSession> = {}): NewSession {
  return { owner, sessionId, createdAt: start, ttlMs, endsAt: null, metadata: {}, chat: null, ...changes }
}

export function ref(sessionId: string, turnId: string): TurnRef {
  return { sessionId, turnId }
}

/** A session or turn, asked for by its owner. */
export function mine(sessionId: string): SessionRef
export function mine(turn: TurnRef): OwnedTurnRef
export function mine(named: string | TurnRef): SessionRef | OwnedTurnRef {
  return typeof named === 'string' ? { owner, sessionId: named } : { owner, ...named }
}

/** A request to accept `content` as the message of a turn. */
export function request(turn: TurnRef, content: string, changes: Partial<AcceptRequest> = {}): AcceptRequest {
  const now = changes.now ?? start
  const message: NewMessage = {
    messageId: `msg_user_${turn.turnId}`,
    turnId: turn.turnId,
    role: 'user',
    content,
    status: 'complete',
    createdAt: now,
  }
  return {
    ref: mine(turn),
    create: null,
    message,
    metadata: {},
    onBusy: { kind: 'reject' },
    key: null,
    lease,
    historyLimit: 10,
    now,
    ...changes,
  }
}

/** Makes a session and accepts a message in it. */
export async function startedTurn(store: SessionStore, turn: TurnRef, content = 'hello'): Promise<void> {
  await store.createSession(newSession(turn.sessionId), roomy)
  await store.acceptTurn(request(turn, content))
}

export function outcome(accepted: AcceptOutcome): string {
  return accepted.outcome
}

/** Numbers events, the first one as `from`. */
export function numbered(from: number, ...bodies: readonly TurnEventBody[]): TurnEvent[] {
  return bodies.map((body, index): TurnEvent => ({ ...body, seq: from + index }))
}

export const delta = (text: string): TurnEventBody => ({ type: 'text.delta', text })

/** The event and the end of a turn that was answered with `content`. */
export function completion(
  turn: TurnRef,
  content: string,
  endedAt = start,
): { event: TurnEventBody; end: TurnEnd } {
  const messageId = `msg_assistant_${turn.turnId}`
  return {
    event: {
      type: 'turn.completed',
      ...turn,
      messageId,
      content,
      functionsCalled: [],
      finishReason: 'stop',
      usage: null,
      durationMs: 1.5,
      endedAt,
    },
    end: {
      status: 'completed',
      endedAt,
      functionsCalled: [],
      message: {
        messageId,
        turnId: turn.turnId,
        role: 'assistant',
        content,
        status: 'complete',
        createdAt: endedAt,
      },
    },
  }
}

/**
 * Answers a turn that has only begun, with one delta and its end.
 *
 * @param options.from the number of its next event: 2 unless it has waited
 */
export async function completeTurn(
  store: SessionStore,
  turn: TurnRef,
  content: string,
  { at = start, from = 2, end: changes = {} }: { at?: number; from?: number; end?: Partial<TurnEnd> } = {},
): Promise<void> {
  const { event, end } = completion(turn, content, at)
  await store.writeTurns([
    { ref: turn, events: numbered(from, delta(content), event), end: { ...end, ...changes } },
  ])
}

/**
 * Fails or cancels a turn that has only begun, or only waits, with what it said and did so far.
 *
 * @param left.from the number of its next event: 2 unless it has waited, and begun
 * @returns the message that it leaves; null when it said nothing
 */
export async function stop(
  store: SessionStore,
  turn: TurnRef,
  status: Extract<TurnEndStatus, 'failed' | 'cancelled'>,
  content: string,
  left: { at?: number; from?: number; state?: JsonValue; functionsCalled?: readonly FunctionCall[] } = {},
): Promise<NewMessage | null> {
  const { at = start, from = 2, state, functionsCalled } = left
  const message: NewMessage = {
    messageId: `msg_assistant_${turn.turnId}`,
    turnId: turn.turnId,
    role: 'assistant',
    content,
    ...(functionsCalled === undefined ? {} : { functionsCalled }),
    status: 'partial',
    createdAt: at,
  }
  const said = content === '' ? [] : [delta(content)]
  const final: TurnEventBody =
    status === 'failed'
      ? { type: 'turn.failed', code: 'chat_failed', content }
      : { type: 'turn.cancelled', reason: 'client_request', content }
  const kept = content === '' ? null : message
  const end = {
    status,
    endedAt: at,
    message: kept,
    functionsCalled: functionsCalled ?? [],
    ...(state === undefined ? {} : { state }),
  }
  await store.writeTurns([{ ref: turn, events: numbered(from, ...said, final), end }])
  return kept
}

/** Every way of looking at a turn and its session. */
export function viewsOf(store: SessionStore, turn: TurnRef, now = start): Views {
  const { sessionId } = turn
  return {
    getSession: () => store.getSession(mine(sessionId), now),
    getTurn: () => store.getTurn(mine(turn), now),
    readEvents: () => store.readEvents(mine(turn), { after: 0, limit: 100 }, now),
    listMessages: () => store.listMessages(mine(sessionId), { order: 'asc', limit: 100 }, now),
    listTurns: () => store.listTurns(mine(sessionId), { order: 'asc', limit: 100 }, now),
  }
}
