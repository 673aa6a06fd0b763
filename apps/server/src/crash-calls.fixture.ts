import { expect } from 'vitest'
import type { Chance } from './chance.fixture.js'
import { type Facts, isSettled, type SessionFacts, type TurnFacts } from './crash-facts.fixture.js'
import { type Answer, type EventAnswer, isFinal, type PlainHttp } from './plain-http.fixture.js'

/** What the calls need. */
export interface CrashCallOptions {
  readonly http: PlainHttp
  readonly chance: Chance
  readonly facts: Facts
  /** Finds what is known of a session; of one that nobody knew, nothing is. */
  readonly remember: (sessionId: string) => SessionFacts
  /** Is called with every fact that was learned, after it was written down. */
  readonly onFact: () => void
}

/** Calls of the server, each of which writes down what it is told, and compares it with what it was told before. */
export function createCrashCalls({ http, chance, facts, remember, onFact }: CrashCallOptions) {
  /** Sends a message, or sends it again: with its key, as a stream or not. */
  const chat = async (turn: TurnFacts): Promise<void> => {
    const wasKnown = turn.turnId !== null
    const answer = await http.open('POST', '/api/v1/chat', {
      body: { ...turn.body, stream: chance.happens(0.7) },
      headers: { 'Idempotency-Key': turn.name },
    })
    const { status, headers } = answer
    const turnId = headers['x-turn-id']
    if (typeof turnId === 'string') {
      const isReplayed = headers['idempotency-replayed'] === 'true'
      if (!isReplayed) turn.originals += 1
      turn.turnId ??= turnId
      turn.session ??= remember(String(headers['x-session-id']))
      const named = { turnId, sessionId: headers['x-session-id'], originals: Math.max(turn.originals, 1) }
      const expected = { turnId: turn.turnId, sessionId: turn.session.sessionId, originals: 1 }
      expect(named, turn.name).toEqual(expected)
      if (wasKnown) expect({ status, isReplayed }, turn.name).toMatchObject({ isReplayed: true })
      onFact()
    }
    if ('events' in answer) await follow(turn, answer, 0)
    else learnAnswer(turn, answer)
  }

  const learnAnswer = (turn: TurnFacts, { status, body }: Answer): void => {
    if (status === 200) {
      turn.answer ??= body
      expect(body, turn.name).toEqual(turn.answer)
      onFact()
      return
    }
    const { code } = body as { code: string }
    if (turn.turnId !== null) {
      const isGone = mayBeGone(turn.session) && code === 'session_not_found'
      if (!isGone) expect(['turn_cancelled', 'turn_interrupted'], turn.name).toContain(code)
      return
    }
    const allowed = ['turn_in_progress', 'queue_full']
    if (mayBeGone(turn.session)) allowed.push('session_not_found')
    expect(allowed, `${turn.name}: ${JSON.stringify(body)}`).toContain(code)
    turn.refusal = code
    onFact()
  }

  /** Reads what comes behind an event: what is known already has to be the same, and nothing is left out. */
  const follow = async (turn: TurnFacts, { status, events }: EventAnswer, after: number): Promise<void> => {
    expect(status).toBe(200)
    let last = after
    for await (const event of events) {
      expect(event.seq, `${turn.name}: the event after ${last}`).toBe(last + 1)
      last = event.seq
      const known = turn.events[event.seq - 1]
      if (known === undefined) turn.events.push(event)
      else expect(event, turn.name).toEqual(known)
      onFact()
    }
    const isOver = isFinal(turn.events[last - 1] ?? { type: 'none' })
    expect(isOver || mayBeGone(turn.session), `${turn.name} ends with a final event`).toBe(true)
  }

  /** Reads a turn from somewhere on, as somebody who has lost the connection. */
  const resume = async (turn: TurnFacts, after: number): Promise<void> => {
    const path = turnPath(turn)
    if (path === null) return
    const headers = after === 0 ? {} : { 'Last-Event-ID': `${after}` }
    const answer = await http.open('GET', `${path}/events`, { headers })
    if ('events' in answer) await follow(turn, answer, after)
    else if (answer.status === 204) expect(isSettled(turn), turn.name).toBe(true)
    else expectGone(turn.session, answer)
  }

  const cancel = async (turn: TurnFacts): Promise<void> => {
    const path = turnPath(turn)
    if (path === null) return
    if (turn.cancellation === 'not asked') turn.cancellation = 'asked'
    const answer = await http.ask('POST', `${path}/cancel`)
    if (answer.status === 202) {
      turn.cancellation = 'acknowledged'
      onFact()
    } else if (answer.status !== 409) expectGone(turn.session, answer)
  }

  const createSession = async (): Promise<SessionFacts> => {
    facts.lostSessions += 1
    const { status, body } = await http.ask('POST', '/api/v1/sessions', {
      body: { metadata: { version: '0' } },
    })
    facts.lostSessions -= 1
    expect(status).toBe(201)
    const session = remember((body as { session_id: string }).session_id)
    onFact()
    return session
  }

  const change = async (session: SessionFacts): Promise<void> => {
    session.askedVersion = session.version + 1
    const metadata = { version: `${session.askedVersion}` }
    const answer = await http.ask('PATCH', sessionPath(session), { body: { metadata } })
    if (answer.status !== 200) return expectGone(session, answer)
    expect(answer.body).toMatchObject({ metadata })
    session.version = session.askedVersion
    onFact()
  }

  const look = async (session: SessionFacts): Promise<void> => {
    const answer = await http.ask('GET', sessionPath(session))
    if (answer.status !== 200) return expectGone(session, answer)
    expect(session.deletion, session.sessionId).not.toBe('acknowledged')
    const { metadata } = answer.body as { metadata: { version?: string } }
    const version = Number(metadata.version ?? 0)
    expect([session.version, session.askedVersion], session.sessionId).toContain(version)
    session.version = version
    session.askedVersion = version
  }

  const remove = async (session: SessionFacts): Promise<void> => {
    const wasAsked = session.deletion === 'asked'
    session.deletion = 'asked'
    const { status } = await http.ask('DELETE', sessionPath(session))
    expect(wasAsked ? [204, 404] : [204]).toContain(status)
    session.deletion = 'acknowledged'
    onFact()
    await look(session)
  }

  return { chat, resume, cancel, createSession, change, look, remove }
}

const mayBeGone = (session: SessionFacts | null) => session !== null && session.deletion !== 'not asked'

/** What is gone has to have been deleted. */
function expectGone(session: SessionFacts | null, { status, body }: Answer): void {
  expect({ status, mayBeGone: mayBeGone(session) }, JSON.stringify(body)).toEqual({
    status: 404,
    mayBeGone: true,
  })
}

const sessionPath = ({ sessionId }: SessionFacts) => `/api/v1/sessions/${sessionId}`

/** Null when nobody has said what the turn is called. */
export const turnPath = ({ session, turnId }: TurnFacts) =>
  session === null || turnId === null ? null : `${sessionPath(session)}/turns/${turnId}`
