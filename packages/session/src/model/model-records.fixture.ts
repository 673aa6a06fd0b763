import type { JsonValue } from '../json.js'
import type {
  Lease,
  MessageRecord,
  NewSession,
  PageRequest,
  SessionRecord,
  TurnRecord,
} from '../session-store.js'
import type { TurnEvent, TurnRef } from '../turn-event.js'

/** What a session should be. */
export interface SessionModel {
  readonly made: NewSession
  metadata: Readonly<Record<string, string>>
  ttlMs: number
  lastActiveAt: number
  isDeleted: boolean
  readonly messages: MessageRecord[]
  readonly history: MessageRecord[]
  readonly turns: TurnModel[]
  running: TurnModel | null
  /** The turns that wait, the next one first. */
  line: TurnModel[]
  state: JsonValue
}

/** What a turn should be. */
export interface TurnModel {
  readonly ref: TurnRef
  readonly session: SessionModel
  readonly message: MessageRecord
  readonly isInterrupting: boolean
  readonly metadata: Readonly<Record<string, string>>
  readonly position: number
  readonly createdAt: number
  readonly events: TurnEvent[]
  startedAt: number | null
  end: Pick<TurnRecord, 'status' | 'endedAt' | 'final' | 'functionsCalled'> | null
  lease: Lease
}

/** Whether a turn runs or waits. */
export function isLive({ end, session }: TurnModel): boolean {
  return end === null && !session.isDeleted
}

/** Whether a session is neither deleted nor past its end. */
export function isThere(session: SessionModel, now: number): boolean {
  return !session.isDeleted && (recordOf(session).expiresAt ?? Number.POSITIVE_INFINITY) > now
}

/** A session, as a store should show it. */
export function recordOf(session: SessionModel): SessionRecord {
  const { made, metadata, ttlMs, lastActiveAt, messages, running, line } = session
  const isIdle = running === null && line.length === 0
  const endsAt = made.endsAt ?? Number.POSITIVE_INFINITY
  return {
    ...made,
    metadata,
    ttlMs,
    lastActiveAt,
    expiresAt: isIdle ? Math.min(lastActiveAt + ttlMs, endsAt) : null,
    messageCount: messages.length,
    activeTurnId: running?.ref.turnId ?? null,
  }
}

/** A turn, as a store should show it. */
export function turnRecordOf({
  ref,
  events,
  position,
  createdAt,
  startedAt,
  metadata,
  end,
}: TurnModel): TurnRecord {
  return {
    ...ref,
    position,
    createdAt,
    startedAt,
    metadata,
    lastSeq: events.length,
    ...(end ?? {
      status: startedAt === null ? 'queued' : 'running',
      endedAt: null,
      final: null,
      functionsCalled: [],
    }),
  }
}

/** A page of a list, as a store should show it. */
export function pageOf<Item extends { readonly position: number }>(
  all: readonly Item[],
  { order, limit, after }: PageRequest,
): { readonly items: readonly Item[]; readonly more: boolean } {
  const items = order === 'asc' ? all : all.toReversed()
  const from = after === undefined ? 0 : items.findIndex(({ position }) => position === after) + 1
  return { items: items.slice(from, from + limit), more: items.length > from + limit }
}

/** Whether a session stands further down in the list of sessions than another. */
export function isBehind(
  one: { readonly lastActiveAt: number; readonly sessionId: string },
  other: { readonly lastActiveAt: number; readonly sessionId: string },
): boolean {
  if (one.lastActiveAt !== other.lastActiveAt) return one.lastActiveAt < other.lastActiveAt
  return one.sessionId > other.sessionId
}
