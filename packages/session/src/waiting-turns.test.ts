import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { brief, briefs, collect, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionManager, Turn } from './session-manager.js'

/** A chat interface whose answers wait for their gates: the message is the gate's name. */
function gated() {
  const gates = new Map<string, ReturnType<typeof gate>>()
  const gateOf = (message: string) => {
    const found = gates.get(message) ?? gate()
    gates.set(message, found)
    return found
  }
  const histories = new Map<string, readonly string[]>()
  const running: string[] = []
  async function* reply(message: string, { history, signal }: ChatContext) {
    histories.set(
      message,
      history.map(({ role, content }) => `${role}: ${content}`),
    )
    running.push(message)
    yield `${message}…`
    const { promise: aborted, resolve } = Promise.withResolvers<void>()
    signal.addEventListener('abort', () => resolve())
    await Promise.race([gateOf(message).opened, aborted])
    running.splice(running.indexOf(message), 1)
    if (!signal.aborted) yield ' done'
  }
  return { reply, histories, running, open: (message: string) => gateOf(message).open() }
}

/** A session with a turn that runs, and those that were told to wait. */
async function busy(manager: SessionManager, ...messages: readonly string[]) {
  const first = await manager.startTurn({ message: 'first' })
  const { sessionId } = first
  const waiting: Turn[] = []
  for (const message of messages) {
    waiting.push(await manager.startTurn({ sessionId, message, onBusy: 'queue' }))
  }
  return { sessionId, first, waiting }
}

const statusOf = async (manager: SessionManager, turn: Turn) => (await manager.turn(turn)).status

describe('a message for a session that answers', () => {
  it('is refused unless something else is said, with the turn that runs', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply)
    const { sessionId, first } = await busy(manager)
    await expect(manager.startTurn({ sessionId, message: 'second' })).rejects.toMatchObject({
      code: 'turn_in_progress',
      turnId: first.turnId,
    })
    open('first')
    await first.ended
    expect((await manager.sessions.messages(sessionId)).data).toHaveLength(2)
  })

  it('waits by default where the limits say so', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply, { limits: { onBusy: 'queue' } })
    const { sessionId, first } = await busy(manager)
    const second = await manager.startTurn({ sessionId, message: 'second' })
    open('first')
    open('second')
    await first.ended
    expect(await second.ended).toMatchObject({ content: 'second… done' })
  })
})

describe('turns in line', () => {
  it('run one after the other, in order, and are told their places', async () => {
    const { reply, open, histories, running } = gated()
    const { manager } = testManager(reply)
    const { first, waiting, sessionId } = await busy(manager, 'second', 'third')
    const [second, third] = waiting as [Turn, Turn]
    expect(await Promise.all([first, second, third].map((turn) => statusOf(manager, turn)))).toEqual([
      'running',
      'queued',
      'queued',
    ])
    expect((await manager.status()).turns).toEqual({ running: 1, queued: 2 })
    open('first')
    await first.ended
    expect(running).not.toContain('third')
    open('second')
    await second.ended
    open('third')
    expect(await briefs(second)).toEqual([
      '1 turn.queued',
      '2 turn.started',
      '3 text.delta second…',
      '4 text.delta  done',
      '5 turn.completed',
    ])
    const places = (await collect(third.events())).flatMap((event) =>
      event.type === 'turn.queued' ? [event.position] : [],
    )
    expect(places).toEqual([2, 1])
    expect(histories.get('third')).toEqual([
      'user: first',
      'assistant: first… done',
      'user: second',
      'assistant: second… done',
    ])
    const { data } = await manager.sessions.messages(sessionId)
    expect(data.map(({ content }) => content)).toEqual([
      'first',
      'second',
      'third',
      'first… done',
      'second… done',
      'third… done',
    ])
    expect((await manager.status()).turns).toEqual({ running: 0, queued: 0 })
  })

  it('are as many as may, and then no more', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply, { limits: { queueLimit: 1 } })
    const { sessionId, first, waiting } = await busy(manager, 'second')
    const third = manager.startTurn({ sessionId, message: 'third', onBusy: 'queue' })
    await expect(third).rejects.toMatchObject({ code: 'queue_full', sessionId })
    open('first')
    open('second')
    await Promise.all([first.ended, waiting[0]?.ended])
    expect((await manager.sessions.messages(sessionId)).data).toHaveLength(4)
  })

  it('are stopped while they wait, and the others move up', async () => {
    const { reply, open, running } = gated()
    const { manager } = testManager(reply)
    const { first, waiting, sessionId } = await busy(manager, 'second', 'third')
    const [second, third] = waiting as [Turn, Turn]
    expect(await manager.cancelTurn(second)).toMatchObject({ status: 'queued' })
    expect(await second.ended).toMatchObject({
      type: 'turn.cancelled',
      reason: 'client_request',
      content: '',
    })
    await expect(manager.cancelTurn(second)).rejects.toMatchObject({ code: 'turn_not_cancellable' })
    const reader = third.events()[Symbol.asyncIterator]()
    await reader.next()
    expect((await reader.next()).value).toMatchObject({ type: 'turn.queued', position: 1 })
    open('first')
    await first.ended
    open('third')
    expect(await third.ended).toMatchObject({ content: 'third… done' })
    expect(running).toEqual([])
    expect((await manager.sessions.messages(sessionId)).data.map(({ content }) => content)).toContain(
      'second',
    )
  })

  it('keep their session alive, however late it is', async () => {
    const { reply, open } = gated()
    const { manager, clock } = testManager(reply, {
      limits: { sessionTtlMs: 1_000, turnTimeoutMs: 1e9, chunkTimeoutMs: 1e9 },
    })
    const { sessionId, first, waiting } = await busy(manager, 'second')
    await clock.advance(60_000)
    expect(await manager.sessions.get(sessionId)).toMatchObject({
      expiresAt: null,
      activeTurnId: first.turnId,
    })
    open('first')
    open('second')
    await waiting[0]?.ended
    expect((await manager.sessions.get(sessionId)).expiresAt).toBe(clock.now() + 1_000)
  })

  it('go on when the turn before them fails', async () => {
    const { opened, open } = gate()
    const { manager } = testManager(async function* (message) {
      if (message === 'first') {
        await opened
        throw new Error('broken')
      }
      yield 'fine'
    })
    const { first, waiting } = await busy(manager, 'second')
    open()
    expect(await first.ended).toMatchObject({ type: 'turn.failed' })
    expect(await waiting[0]?.ended).toMatchObject({ type: 'turn.completed', content: 'fine' })
  })

  it('are interrupted when the manager closes before their turn comes', async () => {
    const { reply } = gated()
    const { manager, clock } = testManager(reply)
    const { first, waiting } = await busy(manager, 'second', 'third')
    const closing = manager.close()
    await clock.advance(0)
    await closing
    for (const turn of [first, ...waiting]) {
      expect(await turn.ended).toMatchObject({ type: 'turn.interrupted', reason: 'shutdown' })
    }
  })

  it('run within the grace of a close', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply)
    const { waiting } = await busy(manager, 'second')
    const closing = manager.close({ grace: 1_000 })
    open('first')
    open('second')
    await closing
    expect(await waiting[0]?.ended).toMatchObject({ type: 'turn.completed' })
  })

  it('are cancelled with their session', async () => {
    const { reply } = gated()
    const { manager } = testManager(reply)
    const { sessionId, first, waiting } = await busy(manager, 'second', 'third')
    await manager.sessions.delete(sessionId)
    for (const turn of [first, ...waiting]) {
      expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', reason: 'session_deleted' })
    }
    expect((await manager.status()).turns).toEqual({ running: 0, queued: 0 })
  })

  it('take no other session’s place', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply)
    const { waiting } = await busy(manager, 'second')
    const other = await manager.startTurn({ message: 'other' })
    open('other')
    await other.ended
    expect(await statusOf(manager, waiting[0] as Turn)).toBe('queued')
  })

  it('fail when the store can not start them, and leave the line to others', async () => {
    const { reply, open } = gated()
    const store = createMemoryStore()
    const startTurn = store.startTurn.bind(store)
    const { manager } = testManager(reply, { store })
    const { first, waiting } = await busy(manager, 'second', 'third')
    let isBroken = true
    store.startTurn = async (ref, start) => {
      if (isBroken && ref.turnId === waiting[0]?.turnId) throw new Error('disk on fire')
      return startTurn(ref, start)
    }
    open('first')
    open('third')
    await first.ended
    await expect(waiting[0]?.ended).rejects.toMatchObject({ code: 'store_unavailable' })
    isBroken = false
    expect(await waiting[1]?.ended).toMatchObject({ type: 'turn.completed' })
  })
})

describe('a message that interrupts', () => {
  it('cancels what runs, whose text is kept, and runs itself', async () => {
    const { reply, open, histories } = gated()
    const { manager } = testManager(reply)
    const { sessionId, first } = await busy(manager)
    await (async () => {
      for await (const event of first.events()) if (event.type === 'text.delta') return
    })()
    const next = await manager.startTurn({ sessionId, message: 'rather this', onBusy: 'interrupt' })
    expect(await first.ended).toMatchObject({
      type: 'turn.cancelled',
      reason: 'superseded',
      content: 'first…',
    })
    open('rather this')
    expect(await next.ended).toMatchObject({ content: 'rather this… done' })
    expect(histories.get('rather this')).toEqual(['user: first', 'assistant: first…'])
    const { data } = await manager.sessions.messages(sessionId)
    expect(data.map(({ status }) => status)).toEqual(['complete', 'complete', 'partial', 'complete'])
  })

  it('goes before those in line, and in place of one that was to interrupt as well', async () => {
    const { reply, open, running } = gated()
    const { manager } = testManager(async function* (message, context) {
      // It takes its time to stop: so both interruptions come before it has.
      for await (const chunk of reply(message, context)) yield chunk
    })
    const { sessionId, first, waiting } = await busy(manager, 'patient')
    const [hasty, hastier] = await Promise.all([
      manager.startTurn({ sessionId, message: 'hasty', onBusy: 'interrupt' }),
      manager.startTurn({ sessionId, message: 'hastier', onBusy: 'interrupt' }),
    ])
    expect(await first.ended).toMatchObject({ reason: 'superseded' })
    expect(await hasty.ended).toMatchObject({ type: 'turn.cancelled', reason: 'superseded' })
    open('hastier')
    expect(await hastier.ended).toMatchObject({ type: 'turn.completed' })
    open('patient')
    expect(await waiting[0]?.ended).toMatchObject({ type: 'turn.completed' })
    expect(running).toEqual([])
  })

  it('runs at once where nothing is to be interrupted', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply)
    const { sessionId } = await manager.sessions.create()
    open('now')
    const turn = await manager.startTurn({ sessionId, message: 'now', onBusy: 'interrupt' })
    expect((await briefs(turn))[0]).toBe('1 turn.started')
  })
})

describe('a request with a key', () => {
  const key = { key: 'k1', fingerprint: 'f1' }

  it('makes one turn, also when it comes twice at once, and all read the same', async () => {
    let calls = 0
    const { manager } = testManager(async function* (message) {
      calls += 1
      yield message
    })
    const turns = await Promise.all([1, 2, 3].map(() => manager.startTurn({ message: 'hello', key })))
    expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(1)
    expect(turns.filter(({ isRepeated }) => isRepeated)).toHaveLength(2)
    const texts = await Promise.all(turns.map(async (turn) => (await collect(turn.events())).map(brief)))
    expect(texts[1]).toEqual(texts[0])
    expect(texts[2]).toEqual(texts[0])
    const later = await manager.startTurn({ message: 'hello', key })
    expect(await later.ended).toEqual(await turns[0]?.ended)
    expect(calls).toBe(1)
    expect((await manager.sessions.list()).data).toHaveLength(1)
  })

  it('is joined while its turn runs', async () => {
    const { reply, open } = gated()
    const { manager } = testManager(reply)
    const first = await manager.startTurn({ message: 'first', key })
    const again = await manager.startTurn({ message: 'first', key })
    open('first')
    expect(await again.ended).toEqual(await first.ended)
  })

  it('repeats a failure as it was, and asks no second time', async () => {
    let calls = 0
    const { manager } = testManager(async function* () {
      calls += 1
      yield 'half'
      throw new Error('broken')
    })
    const first = await (await manager.startTurn({ message: 'hello', key })).ended
    const again = await (await manager.startTurn({ message: 'hello', key })).ended
    expect(again).toEqual(first)
    expect(again).toMatchObject({ type: 'turn.failed', content: 'half' })
    expect(calls).toBe(1)
  })

  it('is refused when it is another request', async () => {
    const { manager } = testManager(async function* () {})
    const turn = await manager.startTurn({ message: 'hello', key })
    const other = manager.startTurn({ message: 'bye', key: { ...key, fingerprint: 'f2' } })
    await expect(other).rejects.toMatchObject({ code: 'key_reused', turnId: turn.turnId })
  })

  it('is free again after a day, or when its session is gone, or when no turn came of it', async () => {
    const { manager, clock } = testManager(async function* () {}, { limits: { sessionTtlMs: 1e9 } })
    const first = await manager.startTurn({ message: 'hello', key })
    await clock.advance(86_399_999)
    expect((await manager.startTurn({ message: 'hello', key })).isRepeated).toBe(true)
    await clock.advance(1)
    const second = await manager.startTurn({ message: 'hello', key })
    expect(second.turnId).not.toBe(first.turnId)
    await second.ended
    await manager.sessions.delete(second.sessionId)
    expect((await manager.startTurn({ message: 'hello', key })).isRepeated).toBe(false)
    const wanting = { message: 'hello', sessionId: 'sess_unknown', key: { key: 'k2', fingerprint: 'f' } }
    for (let n = 0; n < 2; n += 1) {
      await expect(manager.startTurn(wanting)).rejects.toMatchObject({ code: 'session_not_found' })
    }
  })

  it('is known by its owner only', async () => {
    const { manager } = testManager(async function* () {})
    const anna = await manager.ownedBy('anna').startTurn({ message: 'hello', key })
    const ben = await manager.ownedBy('ben').startTurn({ message: 'hello', key })
    expect(ben.isRepeated).toBe(false)
    expect(ben.turnId).not.toBe(anna.turnId)
  })
})

describe('a turn that is to end with its readers', () => {
  const options = { message: 'first', onDisconnect: 'cancel' } as const

  it('is cancelled when the last one has been away for the grace', async () => {
    const { reply } = gated()
    const { manager, clock } = testManager(reply)
    const turn = await manager.startTurn(options)
    const [one, other] = [turn.attend(), turn.attend()]
    one()
    await clock.advance(20_000)
    expect(await statusOf(manager, turn)).toBe('running')
    other()
    await clock.advance(4_999)
    expect(await statusOf(manager, turn)).toBe('running')
    await clock.advance(1)
    expect(await turn.ended).toMatchObject({
      type: 'turn.cancelled',
      reason: 'client_disconnected',
      content: 'first…',
    })
  })

  it('goes on when somebody comes back within the grace', async () => {
    const { reply, open } = gated()
    const { manager, clock } = testManager(reply)
    const turn = await manager.startTurn(options)
    const reader = turn.events()[Symbol.asyncIterator]()
    await reader.next()
    await reader.return?.()
    await clock.advance(4_999)
    const back = collect(turn.events())
    await clock.advance(20_000)
    open('first')
    expect((await back).at(-1)?.type).toBe('turn.completed')
    expect(clock.timers).toBe(1) // the sweep's
  })

  it('is not held by those who only look at it', async () => {
    const { reply } = gated()
    const { manager, clock } = testManager(reply)
    const turn = await manager.startTurn(options)
    turn.attend()()
    await clock.advance(3_000)
    const looking = turn.events({ attend: false })[Symbol.asyncIterator]()
    await looking.next()
    await clock.advance(2_000)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', reason: 'client_disconnected' })
    await looking.return?.()
  })

  it('goes on without any where nothing else is said', async () => {
    const { reply, open } = gated()
    const { manager, clock } = testManager(reply)
    const turn = await manager.startTurn({ message: 'first' })
    turn.attend()()
    await clock.advance(30_000)
    open('first')
    expect(await turn.ended).toMatchObject({ type: 'turn.completed' })
  })
})

describe('the turns of a session', () => {
  it('are listed page by page, in either order', async () => {
    const { manager } = testManager(async function* (message) {
      yield message
    })
    const first = await manager.startTurn({ message: 'one', metadata: { a: 'b' } })
    await first.ended
    const { sessionId } = first
    for (const message of ['two', 'three']) await (await manager.startTurn({ sessionId, message })).ended
    const page = await manager.turns(sessionId, { limit: 2 })
    expect(page.data.map(({ position, status }) => [position, status])).toEqual([
      [1, 'completed'],
      [2, 'completed'],
    ])
    expect(page.data[0]).toMatchObject({
      turnId: first.turnId,
      metadata: { a: 'b' },
      final: { content: 'one' },
    })
    const rest = await manager.turns(sessionId, { limit: 2, cursor: String(page.nextCursor) })
    expect(rest).toMatchObject({ data: [{ position: 3 }], nextCursor: null })
    const newest = await manager.turns(sessionId, { order: 'desc', limit: 1 })
    expect(newest.data[0]?.position).toBe(3)
    await expect(manager.turns('sess_unknown')).rejects.toMatchObject({ code: 'session_not_found' })
    await expect(manager.ownedBy('x').turns(sessionId)).rejects.toMatchObject({ code: 'session_not_found' })
    const cursor = String(page.nextCursor)
    await expect(manager.turns(sessionId, { order: 'desc', cursor })).rejects.toMatchObject({
      code: 'invalid_cursor',
    })
    const other = await manager.sessions.create()
    await expect(manager.turns(other.sessionId, { cursor })).rejects.toMatchObject({ code: 'invalid_cursor' })
  })
})

describe('a turn that another process runs', () => {
  it('is read as it goes on, to its end', async () => {
    const { reply, open } = gated()
    const store = createMemoryStore()
    const { manager: one } = testManager(reply, { store })
    const { manager: other, clock } = testManager(reply, { store })
    const turn = await one.startTurn({ message: 'first' })
    const reading = collect(other.events(turn))
    open('first')
    await turn.ended
    await clock.advance(1_000)
    expect((await reading).map(brief)).toEqual([
      '1 turn.started',
      '2 text.delta first…',
      '3 text.delta  done',
      '4 turn.completed',
    ])
    await one.close()
  })
})

describe('a store that one process has at a time', () => {
  it('has no live turns once the next process has started', async () => {
    const { reply } = gated()
    const store = Object.assign(createMemoryStore(), { isExclusive: true })
    const { manager: gone } = testManager(reply, { store }) // it is never heard of again
    const { first, waiting } = await busy(gone, 'second')
    const read = first.events()[Symbol.asyncIterator]()
    await read.next()
    await read.next()
    const { manager } = testManager(reply, { store })
    await manager.start()
    expect(await manager.turn(first)).toMatchObject({
      status: 'interrupted',
      final: { type: 'turn.interrupted', reason: 'restart', content: 'first…' },
    })
    expect(await manager.turn(waiting[0] as Turn)).toMatchObject({ status: 'interrupted', startedAt: null })
    const events = await collect(manager.events(first, { after: 2 }))
    expect(events.map(({ type }) => type)).toEqual(['turn.interrupted'])
    const turn = await manager.startTurn({ sessionId: first.sessionId, message: 'third' })
    expect(await manager.cancelTurn(turn)).toMatchObject({ status: 'running' })
  })
})

describe('a line that another process moves', () => {
  it('is noticed', async () => {
    const { reply, open } = gated()
    const store = createMemoryStore()
    const { manager: one } = testManager(reply, { store })
    const { manager: other, clock } = testManager(reply, { store })
    const first = await one.startTurn({ message: 'first' })
    const ids = { sessionId: first.sessionId, onBusy: 'queue' } as const
    const second = await other.startTurn({ ...ids, message: 'second' })
    open('first')
    open('second')
    await first.ended
    await clock.advance(1_000)
    expect(await second.ended).toMatchObject({ content: 'second… done' })
  })
})
