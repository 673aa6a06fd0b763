import { expect } from 'vitest'
import type { Facts, SessionFacts, TurnFacts } from './crash-facts.fixture.js'
import { type Preface, textOf } from './paced-chat.fixture.js'
import { isFinal, type PlainEvent, type PlainHttp } from './plain-http.fixture.js'

/** A turn, as the server tells it. */
interface WireTurn {
  readonly turn_id: string
  readonly status: string
  readonly started_at: string | null
  readonly ended_at: string
  readonly content: string
}

/** A message, as the server tells it. */
interface WireMessage {
  readonly turn_id: string
  readonly role: string
  readonly content: string
  readonly status: string
}

/** How many of what there were in the end. */
export interface Findings {
  sessions: number
  deleted: number
  refused: number
  readonly turns: Record<string, number>
}

/** Compares everything that the server has with everything that was learned from it, when nothing goes on any more. */
export async function audit(http: PlainHttp, facts: Facts, calls: readonly string[]): Promise<Findings> {
  const findings: Findings = { sessions: 0, deleted: 0, refused: 0, turns: {} }
  const known = [...facts.sessions.values()]
  const listed = (await list<{ session_id: string }>(http, '/api/v1/sessions')).map(
    ({ session_id }) => session_id,
  )
  const kept = known.filter(({ deletion }) => deletion === 'not asked').map(({ sessionId }) => sessionId)
  expect(kept.filter((id) => !listed.includes(id))).toEqual([])
  const unknown = listed.filter((id) => !kept.includes(id))
  expect(unknown.filter((id) => facts.sessions.has(id))).toEqual([])
  expect(unknown.length).toBeLessThanOrEqual(facts.lostSessions)
  const counts = Map.groupBy(calls, (name) => name)
  for (const [name, { length }] of counts) expect({ name, calls: length }).toEqual({ name, calls: 1 })
  for (const session of known) {
    const turns = facts.turns.filter((turn) => turn.session === session && turn.refusal === null)
    if (session.deletion === 'not asked') await auditSession(http, session, turns, findings)
    else {
      findings.deleted += 1
      for (const path of ['', '/messages', '/turns'])
        expect((await http.ask('GET', `/api/v1/sessions/${session.sessionId}${path}`)).status).toBe(404)
    }
  }
  findings.refused = facts.turns.filter(({ refusal }) => refusal !== null).length
  const wereAnswered = facts.turns.filter(({ events }) => events.some(({ type }) => type === 'text.delta'))
  for (const { name } of wereAnswered)
    expect(counts.has(name), `${name} was answered by the chat interface`).toBe(true)
  return findings
}

async function auditSession(
  http: PlainHttp,
  session: SessionFacts,
  turns: readonly TurnFacts[],
  findings: Findings,
): Promise<void> {
  findings.sessions += 1
  const path = `/api/v1/sessions/${session.sessionId}`
  const { body } = await http.ask('GET', path)
  const messages = await list<WireMessage>(http, `${path}/messages`)
  const told = await list<WireTurn>(http, `${path}/turns`)
  expect(body).toMatchObject({ active_turn_id: null, message_count: messages.length })
  expect(new Set(told.map(({ turn_id }) => turn_id))).toEqual(new Set(turns.map(({ turnId }) => turnId)))
  expect(told.length).toBe(turns.length)
  const prefaces = new Map<string, Preface>()
  for (const turn of turns) {
    const wire = told.find(({ turn_id }) => turn_id === turn.turnId)
    if (wire === undefined) throw new Error(`${turn.name} is lost`)
    findings.turns[wire.status] = (findings.turns[wire.status] ?? 0) + 1
    const ofTurn = messages.filter(({ turn_id }) => turn_id === turn.turnId)
    expectMessages(turn, wire, ofTurn)
    const events = await eventsOf(http, `${path}/turns/${turn.turnId}/events`)
    expectEvents(turn, wire, events)
    const text = expectText(turn, wire)
    if (text !== null) prefaces.set(turn.name, text)
  }
  expectChain(turns, told, prefaces)
  expectHistories(turns, told, prefaces)
}

function expectMessages(
  { name, body }: TurnFacts,
  { status, content }: WireTurn,
  messages: readonly WireMessage[],
): void {
  const answer = { role: 'assistant', content, status: status === 'completed' ? 'complete' : 'partial' }
  const user = { role: 'user', content: body.message, status: 'complete' }
  const expected = status === 'completed' || content !== '' ? [user, answer] : [user]
  expect(
    messages.map(({ role, content, status }) => ({ role, content, status })),
    name,
  ).toEqual(expected)
}

/** What was seen is still there; numbers without a gap; first things first, one end, and nothing behind it. */
function expectEvents({ name, ...turn }: TurnFacts, wire: WireTurn, events: readonly PlainEvent[]): void {
  expect(events.slice(0, turn.events.length), name).toEqual(turn.events)
  expect(
    events.map(({ seq }) => seq),
    name,
  ).toEqual(events.map((_, index) => index + 1))
  const types = events.map(({ type }) => type).join(' ')
  expect(types, name).toMatch(
    /^(turn\.queued ?)*(turn\.started (text\.delta |function\.called |function\.returned )*)?turn\.\w+$/,
  )
  expect(events.filter(isFinal).length, name).toBe(1)
  const last = events.at(-1) ?? { type: '', data: '{}' }
  const end = JSON.parse(last.data) as { content: string; reason?: string }
  expect({ type: last.type, content: end.content }, name).toEqual({
    type: `turn.${wire.status}`,
    content: wire.content,
  })
  const texts = events.filter(({ type }) => type === 'text.delta')
  expect(texts.map(({ data }) => (JSON.parse(data) as { text: string }).text).join(''), name).toBe(
    wire.content,
  )
  if (turn.answer !== null)
    expect({ type: last.type, ...end }).toEqual({ type: 'turn.completed', ...turn.answer })
  if (wire.status === 'interrupted') expect(end.reason, name).toBe('restart')
  if (wire.status === 'cancelled') expect(['client_request', 'superseded'], name).toContain(end.reason)
  else if (turn.cancellation === 'acknowledged')
    expect(wire.status, `${name} was to stop`).toBe('interrupted')
}

/** The text is what the chat interface says, or its beginning. */
function expectText({ name, pieces }: TurnFacts, { status, content }: WireTurn): Preface | null {
  if (content === '' && status !== 'completed') return null
  const lineEnd = content.indexOf('\n') + 1
  const text = content.slice(lineEnd)
  const whole = textOf({ name, pieces })
  expect(status === 'completed' ? whole : whole.slice(0, text.length), name).toBe(text)
  return JSON.parse(content.slice(0, lineEnd)) as Preface
}

/** The session's state is that of the last turn that was completed, however many were not. */
function expectChain(
  turns: readonly TurnFacts[],
  told: readonly WireTurn[],
  prefaces: ReadonlyMap<string, Preface>,
): void {
  const isCompleted = ({ turnId }: TurnFacts) =>
    told.some(({ turn_id, status }) => turn_id === turnId && status === 'completed')
  const completed = turns.filter(isCompleted).map(({ name }) => name)
  const before = (name: string) => prefaces.get(name)?.completed ?? []
  const chain = completed.toSorted((a, b) => before(a).length - before(b).length)
  for (const [index, name] of chain.entries()) expect(before(name), name).toEqual(chain.slice(0, index))
  for (const [name, preface] of prefaces)
    expect(preface.completed, name).toEqual(chain.slice(0, preface.completed.length))
}

/** What had ended when a turn began is in its history, and nothing else is. */
function expectHistories(
  turns: readonly TurnFacts[],
  told: readonly WireTurn[],
  prefaces: ReadonlyMap<string, Preface>,
): void {
  const wires = new Map(told.map((wire) => [wire.turn_id, wire]))
  const wireOf = ({ turnId }: TurnFacts) => wires.get(turnId ?? '')
  for (const turn of turns) {
    const preface = prefaces.get(turn.name)
    const began = wireOf(turn)?.started_at
    if (preface === undefined || began === null || began === undefined) continue
    const namesOf = (isEarlier: (ended: string) => boolean) =>
      turns
        .filter((other) => other !== turn && isEarlier(wireOf(other)?.ended_at ?? ''))
        .map(({ name }) => name)
    const { history } = preface
    const missing = namesOf((ended) => ended < began).filter((name) => !history.includes(name))
    const could = namesOf((ended) => ended <= began)
    const others = history.filter((name) => !could.includes(name))
    expect({ missing, others }, turn.name).toEqual({ missing: [], others: [] })
    expect(new Set(history).size, turn.name).toBe(history.length)
  }
}

async function eventsOf(http: PlainHttp, path: string): Promise<readonly PlainEvent[]> {
  const answer = await http.open('GET', path)
  const events: PlainEvent[] = []
  if ('events' in answer) for await (const event of answer.events) events.push(event)
  return events
}

/** All that a list has, page by page. */
async function list<Item>(http: PlainHttp, path: string): Promise<Item[]> {
  const items: Item[] = []
  let cursor = ''
  for (;;) {
    const { status, body } = await http.ask('GET', `${path}?limit=200${cursor}`)
    expect(status, path).toBe(200)
    const { data, next_cursor: next } = body as { data: Item[]; next_cursor: string | null }
    items.push(...data)
    if (next === null) return items
    cursor = `&cursor=${encodeURIComponent(next)}`
  }
}
