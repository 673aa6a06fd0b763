import { isFinal, type NewMessage, type SessionExport, type TurnExport } from '@colloquy/session'

/**
 * What a session says that can't be, though each of its values by itself could; undefined when there is nothing. A store
 * believes what it is given, so what somebody has edited must not get there.
 */
export function findContradiction({ sessionId, turns, messages }: SessionExport): string | undefined {
  const known = new Set(turns.map(({ turnId }) => turnId))
  const byTurn = Map.groupBy(messages, ({ turnId }) => turnId)
  return (
    repeated(turns.map(({ turnId }) => turnId)) ??
    repeated(messages.map(({ messageId }) => messageId)) ??
    first(messages, ({ messageId, turnId }) =>
      known.has(turnId) ? undefined : `the message ${messageId} is of a turn that is not there`,
    ) ??
    first(turns, (turn) => wrongTurn(turn, byTurn.get(turn.turnId) ?? [], sessionId)) ??
    (turns.filter(({ status }) => status === 'running').length > 1 ? 'more than one turn runs' : undefined) ??
    wrongOrder(turns)
  )
}

function wrongTurn(turn: TurnExport, own: readonly NewMessage[], sessionId: string): string | undefined {
  const what = wrongMessages(turn, own) ?? wrongLife(turn) ?? wrongEvents(turn, sessionId)
  return what === undefined ? undefined : `the turn ${turn.turnId} ${what}`
}

function wrongMessages({ endedAt }: TurnExport, own: readonly NewMessage[]): string | undefined {
  const [asked, answered] = own.map(({ role }) => role)
  if (endedAt === null && answered !== undefined) return 'has an answer before its end'
  if (own.length <= 2 && asked === 'user' && answered !== 'user') return undefined
  return 'has not one message of a user, and one answer behind it at most'
}

function wrongLife({ status, startedAt, endedAt, ended, functionsCalled }: TurnExport): string | undefined {
  const isLive = status === 'queued' || status === 'running'
  if ((endedAt === null) !== (ended === null)) return 'has one of endedAt and ended, and not both'
  if (isLive !== (endedAt === null)) return `is ${status}, and ${isLive ? 'has an end' : 'has no end'}`
  if (status === 'queued' && startedAt !== null) return 'is queued, and has begun'
  if ((status === 'running' || status === 'completed') && startedAt === null)
    return `is ${status}, and has not begun`
  return isLive && functionsCalled.length > 0 ? 'tells its function calls before its end' : undefined
}

function wrongEvents(
  { turnId, status, events, startedAt }: TurnExport,
  sessionId: string,
): string | undefined {
  if (events.some(({ seq }, index) => seq !== index + 1))
    return 'has events that are not numbered from 1 on without a gap'
  const isElsewhere = events.some(
    (event) => 'turnId' in event && (event.turnId !== turnId || event.sessionId !== sessionId),
  )
  if (isElsewhere) return 'has events of another turn'
  if (events.slice(0, -1).some(isFinal)) return 'has events after its final one'
  const last = events.at(-1)
  const end = last !== undefined && isFinal(last) ? last.type : undefined
  const expected = status === 'queued' || status === 'running' ? undefined : `turn.${status}`
  if (end !== expected) return `is ${status}, and its last event says otherwise`
  const begins = events.filter(({ type }) => type === 'turn.started').length
  return begins === (startedAt === null ? 0 : 1)
    ? undefined
    : 'has events that say otherwise about its beginning'
}

function wrongOrder(turns: readonly TurnExport[]): string | undefined {
  const numbers = turns.flatMap(({ ended }) => ended ?? []).sort((one, other) => one - other)
  const isWhole = numbers.every((number, index) => number === index + 1)
  return isWhole ? undefined : 'the turns that have ended are not numbered from 1 on without a gap'
}

function repeated(ids: readonly string[]): string | undefined {
  const seen = new Set<string>()
  return first(ids, (id) => {
    if (seen.has(id)) return `the id ${id} is there twice`
    seen.add(id)
    return undefined
  })
}

function first<Item>(items: readonly Item[], find: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
