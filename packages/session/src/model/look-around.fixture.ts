import assert from 'node:assert/strict'
import { SessionError } from '../session-error.js'
import type { SessionScope } from '../session-manager.js'
import type { TurnEvent } from '../turn-event.js'
import { isLive, type SessionModel } from './model-records.fixture.js'
import type { ModelWorld } from './model-world.fixture.js'

const everything = { limit: 1_000, order: 'asc' } as const

/** Reads all that there is, of every owner, page by page, and holds it to the model. */
export async function lookAround(
  world: ModelWorld,
  owners: readonly string[],
  limit: number,
  order: 'asc' | 'desc',
): Promise<void> {
  const { model, now, manager } = world
  for (const owner of owners) {
    const scope = manager.ownedBy(owner)
    const sessions = await allOf(world, (cursor) => scope.sessions.list({ limit, ...cursor }))
    assert.deepStrictEqual(
      sessions,
      model.listSessions({ owner, limit: 1_000 }, now).sessions,
      'the sessions',
    )
    for (const session of model.sessions) await lookAt(world, scope, session, { limit, order })
  }
  const { sessionCount, turns } = await world.ask('status', manager.status())
  const live = model.turns.filter(isLive)
  assert.equal(sessionCount, model.countSessions(now), 'how many sessions there are')
  assert.deepEqual(
    [turns.running, turns.queued],
    [
      live.filter(({ startedAt }) => startedAt !== null).length,
      live.filter((turn) => turn.startedAt === null).length,
    ],
    'how many turns run and wait',
  )
}

/** Looks at a session on behalf of an owner, who may be another one. */
async function lookAt(
  world: ModelWorld,
  scope: SessionScope,
  { made: { sessionId }, turns }: SessionModel,
  page: { readonly limit: number; readonly order: 'asc' | 'desc' },
): Promise<void> {
  const { model, now } = world
  const ref = { owner: scope.owner, sessionId }
  const record = await orCode(world.ask('get', scope.sessions.get(sessionId)))
  assert.deepStrictEqual(record, model.getSession(ref, now) ?? 'session_not_found', sessionId)

  const messages = await orCode(
    allOf(world, (cursor) => scope.sessions.messages(sessionId, { ...page, ...cursor })),
  )
  const expectedMessages = model.listMessages(ref, { ...everything, order: page.order }, now)?.messages
  assert.deepStrictEqual(messages, expectedMessages ?? 'session_not_found', `the messages of ${sessionId}`)

  const listed = await orCode(allOf(world, (cursor) => scope.turns(sessionId, { ...page, ...cursor })))
  const expectedTurns = model.listTurns(ref, { ...everything, order: page.order }, now)?.turns
  assert.deepStrictEqual(listed, expectedTurns ?? 'session_not_found', `the turns of ${sessionId}`)

  for (const turn of turns) {
    const { turnId } = turn.ref
    const owned = { ...ref, turnId }
    const found = await orCode(world.ask('turn', scope.turn(owned)))
    assert.deepStrictEqual(found, model.getTurn(owned, now) ?? 'turn_not_found', turnId)
    const after = page.limit % (turn.events.length + 1)
    const events = await orCode(replay(world, scope, { sessionId, turnId, after, count: turn.events.length }))
    const isKnown = model.findTurn(owned, now) !== undefined
    if (isKnown) world.notes.lookedAt.set(turnId, now)
    assert.deepStrictEqual(
      events,
      isKnown ? turn.events.slice(after) : 'turn_not_found',
      `events of ${turnId}`,
    )
  }
}

/** What a turn has said so far behind an event. */
async function replay(
  world: ModelWorld,
  scope: SessionScope,
  { sessionId, turnId, after, count }: { sessionId: string; turnId: string; after: number; count: number },
): Promise<TurnEvent[]> {
  const leave = new AbortController()
  const all = scope.events({ sessionId, turnId }, { after, signal: leave.signal })
  const iterator = all[Symbol.asyncIterator]()
  const events: TurnEvent[] = []
  // One more than none, so that somebody who may not read is told so.
  const wanted = Math.max(count - after, 0)
  if (wanted === 0) {
    const next = iterator.next()
    next.catch(() => {}) // it is looked at below
    await world.settle()
    leave.abort()
    await world.ask('replay', next)
    return events
  }
  while (events.length < wanted) {
    const { done, value } = await world.ask('replay', iterator.next())
    if (done === true) break
    events.push(value)
  }
  leave.abort()
  return events
}

/** A page of a list. */
interface Page<Item> {
  readonly data: readonly Item[]
  readonly nextCursor: string | null
}

async function allOf<Item>(
  world: ModelWorld,
  page: (cursor: { readonly cursor?: string }) => Promise<Page<Item>>,
): Promise<Item[]> {
  const items: Item[] = []
  for (let cursor: string | null = null; ; ) {
    const asked = page(cursor === null ? {} : { cursor })
    const { data, nextCursor }: Page<Item> = await world.ask('list', asked)
    items.push(...data)
    if (nextCursor === null) return items
    cursor = nextCursor
  }
}

/** What was answered, or the code of the refusal. */
async function orCode<T>(asked: Promise<T>): Promise<T | string> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof SessionError) return error.code
    throw error
  }
}
