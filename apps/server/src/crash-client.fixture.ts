import { expect } from 'vitest'
import { type CrashCallOptions, createCrashCalls, turnPath } from './crash-calls.fixture.js'
import { isSettled, type SessionFacts, type TurnFacts } from './crash-facts.fixture.js'
import { messageOf } from './paced-chat.fixture.js'
import { ConnectionLost } from './plain-http.fixture.js'

/** What a client works with. */
export interface CrashClientOptions extends Omit<CrashCallOptions, 'remember'> {
  /** What its messages are named after. */
  readonly name: string
}

/** A client that writes down whatever it is told, and compares it with what it was told before. */
export interface CrashClient {
  /** After a start of the server: learns what became of everything that it was about to do. Until a connection is lost. */
  takeUp(): Promise<void>
  /** Works until a connection is lost. */
  work(): Promise<never>
}

/** Makes a client with sessions of its own. */
export function createCrashClient({ name, ...options }: CrashClientOptions): CrashClient {
  const { http, chance, facts } = options
  const sessions: SessionFacts[] = []
  const turns: TurnFacts[] = []
  let messages = 0

  const remember = (sessionId: string): SessionFacts => {
    const known = facts.sessions.get(sessionId)
    if (known !== undefined) return known
    const session: SessionFacts = { sessionId, version: 0, askedVersion: 0, deletion: 'not asked' }
    facts.sessions.set(sessionId, session)
    sessions.push(session)
    return session
  }
  const { chat, resume, cancel, createSession, change, look, remove } = createCrashCalls({
    ...options,
    remember,
  })

  /** A turn that is to be asked for: of a session, or of a new one. */
  const plan = (session: SessionFacts | null): TurnFacts => {
    messages += 1
    const wish = { name: `${name}-${messages}`, pieces: chance.number(0, 30), pauseMs: chance.number(0, 4) }
    const inSession =
      session === null
        ? {}
        : { session_id: session.sessionId, on_busy: chance.pick(['queue', 'queue', 'interrupt', 'reject']) }
    const turn: TurnFacts = {
      name: wish.name,
      pieces: wish.pieces,
      body: { message: messageOf(wish), ...inSession },
      session,
      turnId: null,
      events: [],
      answer: null,
      refusal: null,
      originals: 0,
      cancellation: 'not asked',
    }
    turns.push(turn)
    facts.turns.push(turn)
    return turn
  }

  /** Some of what a session may go through: messages at once, other readers, stops, changes, its end. */
  const live = async (session: SessionFacts): Promise<void> => {
    const planned = Array.from({ length: chance.number(1, 3) }, () => plan(session))
    const sides = planned.flatMap((turn) => {
      const doings = [chat(turn)]
      // The same key twice at once; what is refused leaves its key free, so that the second may be the first.
      if (chance.happens(0.2) && turn.body.on_busy !== 'reject') doings.push(chat(turn))
      return doings
    })
    sides.push(around(session, planned))
    await together(sides)
    if (session.deletion === 'not asked' && chance.happens(0.1)) await remove(session)
  }

  const around = async (session: SessionFacts, planned: readonly TurnFacts[]): Promise<void> => {
    await look(session)
    if (chance.happens(0.5)) await change(session)
    for (const turn of planned) {
      if (chance.happens(0.3)) await cancel(turn)
      if (chance.happens(0.3)) await resume(turn, chance.number(0, turn.events.length))
    }
    if (chance.happens(0.05)) await remove(session)
  }

  return {
    async takeUp() {
      for (const session of sessions) if (session.deletion === 'asked') await remove(session)
      const open = turns.filter((turn) => !isSettled(turn))
      await together(
        open.map(async (turn) => {
          const path = turnPath(turn)
          if (path !== null) {
            const { status, body } = await http.ask('GET', path)
            expect(status, `${turn.name} is lost`).toBe(200)
            expect(['queued', 'running'], `${turn.name} is a ghost`).not.toContain(
              (body as { status: string }).status,
            )
            await resume(turn, turn.events.length)
            await resume(turn, 0)
          }
          await chat(turn)
          if (!isSettled(turn)) await resume(turn, 0)
        }),
      )
      await together(sessions.slice(-10).map(look))
    },
    async work() {
      for (;;) {
        const alive = sessions.filter(({ deletion }) => deletion === 'not asked').slice(-5)
        const choice = chance.number(0, 5)
        const [first, ...others] = alive
        if (first === undefined || choice === 0) await createSession()
        else if (choice === 1) await chat(plan(null))
        else await live(chance.pick([first, ...others]))
      }
    },
  }
}

/** Waits for all, so that nothing goes on behind a failure; of several failures, a lost connection says the least. */
export async function together(doings: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(doings)
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  )
  const error = errors.find((error) => !(error instanceof ConnectionLost)) ?? errors[0]
  if (error !== undefined) throw error
}
