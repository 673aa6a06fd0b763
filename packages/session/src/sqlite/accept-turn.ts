import type { AcceptOutcome, AcceptRequest, KeyedTurn } from '../session-store.js'
import { beginTurn } from './begin-turn.js'
import type { SessionLine } from './live-turn-table.js'
import { makeRoom } from './remove-sessions.js'
import { type SessionRow, sessionRecord, wasActive } from './session-table.js'
import type { Tables } from './tables.js'

/** Takes a user's message, in the session that is there or in one that is made for it. */
export function acceptTurn(tables: Tables, request: AcceptRequest): AcceptOutcome {
  const { ref, create, now } = request
  const known = findKeyed(tables, request)
  if (known !== undefined) return { outcome: known.isSame ? 'repeated' : 'key_reused', ref: known.ref }
  if (create !== null) {
    const evicted = makeRoom(tables, create.bound)
    if (evicted === null) return { outcome: 'full' }
    return acceptIdle(tables, tables.sessions.add(create.session), request, evicted)
  }
  const session = tables.sessions.find(ref, now)
  if (session === undefined || hasEnded(session, now)) return { outcome: 'session_not_found' }
  if (session.expires_at !== null) return acceptIdle(tables, session, request, 0)
  return acceptBusy(tables, session, request)
}

/** Whether a session is there only because of turns that are still live. */
function hasEnded({ ends_at }: SessionRow, now: number): boolean {
  return ends_at !== null && ends_at <= now
}

/** Tells whether a request's key stands for a turn already: then it makes none, and needs no room. */
export function isRepeated(tables: Tables, request: AcceptRequest): boolean {
  return findKeyed(tables, request) !== undefined
}

function findKeyed({ keys }: Tables, { ref, key, now }: AcceptRequest): KeyedTurn | undefined {
  return key === null ? undefined : keys.find(ref.owner, key, now)
}

/** Lets a turn run in a session that has none. */
function acceptIdle(
  tables: Tables,
  session: SessionRow,
  request: AcceptRequest,
  evicted: number,
): AcceptOutcome {
  const turn = addTurn(tables, session, request, 0)
  const beginning = beginTurn(tables, session, turn, { lastSeq: 0, historyLimit: request.historyLimit })
  return Object.assign(beginning, { outcome: 'accepted', evicted } as const)
}

/** Does what is to be done while a turn runs, or some wait. */
function acceptBusy(tables: Tables, session: SessionRow, request: AcceptRequest): AcceptOutcome {
  const { onBusy } = request
  const line = tables.live.lineOf(session.id)
  const { active, waiting } = line
  if (onBusy.kind === 'reject') {
    return { outcome: 'turn_in_progress', turnId: (active ?? waiting[0])?.turn_id ?? '' }
  }
  if (onBusy.kind === 'queue' && waiting.length >= onBusy.limit) return { outcome: 'queue_full' }
  const isInterrupting = onBusy.kind === 'interrupt'
  const { turn } = addTurn(tables, session, request, placeIn(line, isInterrupting))
  const position = isInterrupting ? 1 : waiting.length + 1
  const queued = { type: 'turn.queued', position, seq: 1 } as const
  tables.events.add(turn, [queued])
  const superseded = isInterrupting ? [active, ...waiting.filter(({ place }) => place < 0)] : []
  const supersedes = superseded.flatMap((other) => (other === null ? [] : [other.turn_id]))
  return { outcome: 'queued', session: sessionRecord(session), queued, supersedes }
}

/** Behind all that wait, or before them; 0 is taken by what runs. */
function placeIn({ waiting }: SessionLine, isInterrupting: boolean): number {
  if (isInterrupting) return Math.min(waiting[0]?.place ?? 0, 0) - 1
  return Math.max(waiting.at(-1)?.place ?? 0, 0) + 1
}

/** Takes the message, the turn and its key. What has changed in the session is saved when a turn of it ends. */
function addTurn(
  { turns, messages, live, keys }: Tables,
  session: SessionRow,
  request: AcceptRequest,
  place: number,
): { readonly turn: number; readonly turn_id: string } {
  const { ref, key, lease, now } = request
  session.message_count += 1
  session.turn_count += 1
  wasActive(session, now)
  session.expires_at = null
  const { id, message_count, turn_count } = session
  const question = messages.add(id, message_count, request.message)
  const turn = turns.add(request, { session: id, position: turn_count, question, begins: place === 0 })
  live.add(turn, id, place, lease)
  if (key !== null) keys.keep(turn, ref.owner, key)
  return { turn, turn_id: ref.turnId }
}
