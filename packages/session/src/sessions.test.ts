import { describe, expect, it } from 'vitest'
import type { IdSource } from './ids.js'
import { echo, gate, testManager } from './manager.fixture.js'
import { createManualClock } from './testing/index.js'

describe('sessions', () => {
  it('are made, read and deleted', async () => {
    const { manager, clock } = testManager(echo)
    const session = await manager.sessions.create({ metadata: { shop: 'north' } })
    expect(session).toEqual({
      owner: '',
      sessionId: 'sess_1',
      createdAt: clock.now(),
      lastActiveAt: clock.now(),
      expiresAt: clock.now() + 1_800_000,
      endsAt: null,
      ttlMs: 1_800_000,
      messageCount: 0,
      activeTurnId: null,
      metadata: { shop: 'north' },
      chat: null,
    })
    expect(await manager.sessions.get('sess_1')).toEqual(session)
    await manager.sessions.delete('sess_1')
    await expect(manager.sessions.get('sess_1')).rejects.toMatchObject({ code: 'session_not_found' })
    await expect(manager.sessions.delete('sess_1')).rejects.toMatchObject({ code: 'session_not_found' })
  })

  it('expire when their time to live has passed since the last turn ended, and not before', async () => {
    const { manager, clock } = testManager(echo)
    const { sessionId } = await manager.sessions.create({ ttlMs: 60_000 })
    await clock.advance(59_999)
    const turn = await manager.startTurn({ sessionId, message: 'still here?' })
    await turn.ended
    await clock.advance(59_999)
    expect((await manager.sessions.get(sessionId)).messageCount).toBe(2)
    await clock.advance(1)
    await expect(manager.sessions.get(sessionId)).rejects.toMatchObject({ code: 'session_not_found' })
    await expect(manager.startTurn({ sessionId, message: 'late' })).rejects.toMatchObject({
      code: 'session_not_found',
    })
    await expect(manager.turn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
  })

  it('are collected in the background, without anybody asking for them', async () => {
    const collected: number[] = []
    const { createMemoryStore } = await import('./memory/index.js')
    const store = createMemoryStore()
    const collectExpired = store.collectExpired.bind(store)
    store.collectExpired = async (now, limit) => {
      const count = await collectExpired(now, limit)
      if (count > 0) collected.push(count)
      return count
    }
    const { manager, clock } = testManager(echo, {
      store,
      limits: { sessionTtlMs: 5_000, sweepIntervalMs: 1_000 },
    })
    for (let n = 0; n < 2_500; n += 1) await manager.sessions.create()
    await clock.advance(4_999)
    expect(collected).toEqual([])
    let ticks = 0
    await clock.advance(1_001)
    for (; collected.length < 3; ticks += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(collected).toEqual([1_000, 1_000, 500])
    expect(ticks).toBeGreaterThan(20) // so that others have a turn in between
    await manager.close()
    expect(clock.timers).toBe(0)
  })

  it('do not expire while a turn runs', async () => {
    const { opened, open } = gate()
    const { manager, clock } = testManager(
      async function* () {
        await opened
        yield 'done'
      },
      { limits: { sessionTtlMs: 1_000 } },
    )
    const turn = await manager.startTurn({ message: 'take your time' })
    await clock.advance(30_000)
    expect(await manager.sessions.get(turn.sessionId)).toMatchObject({
      expiresAt: null,
      activeTurnId: turn.turnId,
    })
    open()
    await turn.ended
    expect(await manager.sessions.get(turn.sessionId)).toMatchObject({
      expiresAt: clock.now() + 1_000,
      activeTurnId: null,
    })
  })

  it('give way when there are as many as may be: first an expired one, then the least recently active one', async () => {
    const { manager, clock } = testManager(echo, { limits: { maxSessions: 2 } })
    const long = await manager.sessions.create({ ttlMs: 100_000 })
    await manager.sessions.create({ ttlMs: 1_000 })
    await clock.advance(1_000)
    const third = await manager.sessions.create()
    expect(await manager.sessions.get(long.sessionId)).toBeDefined()
    await clock.advance(1)
    await (await manager.startTurn({ sessionId: long.sessionId, message: 'hello' })).ended
    await manager.startTurn({ message: 'a new one' })
    await expect(manager.sessions.get(third.sessionId)).rejects.toMatchObject({ code: 'session_not_found' })
    expect((await manager.status()).sessionCount).toBe(2)
  })

  it('are refused when there are as many as may be, when it was said so', async () => {
    const { manager } = testManager(echo, { limits: { maxSessions: 1, whenFull: 'reject' } })
    await manager.sessions.create()
    await expect(manager.sessions.create()).rejects.toMatchObject({ code: 'session_capacity_reached' })
    await expect(manager.startTurn({ message: 'hello' })).rejects.toMatchObject({
      code: 'session_capacity_reached',
    })
  })

  it('list their messages page by page in both orders', async () => {
    const { manager } = testManager(echo)
    const { sessionId } = await manager.sessions.create()
    for (const message of ['a', 'b', 'c']) await (await manager.startTurn({ sessionId, message })).ended
    const first = await manager.sessions.messages(sessionId, { limit: 4 })
    expect(first.data.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'user: a',
      'assistant: You said: a',
      'user: b',
      'assistant: You said: b',
    ])
    expect(first.nextCursor).not.toBeNull()
    const second = await manager.sessions.messages(sessionId, { limit: 4, cursor: first.nextCursor ?? '' })
    expect(second.data.map(({ content }) => content)).toEqual(['c', 'You said: c'])
    expect(second.nextCursor).toBeNull()
    const latest = await manager.sessions.messages(sessionId, { order: 'desc', limit: 1 })
    expect(latest.data.map(({ content }) => content)).toEqual(['You said: c'])
    const before = await manager.sessions.messages(sessionId, {
      order: 'desc',
      limit: 1,
      cursor: latest.nextCursor ?? '',
    })
    expect(before.data.map(({ content }) => content)).toEqual(['c'])
  })

  it.each(['', 'x', '???', 'bWVzc2FnZXM6YXNjOi0x', 'bWVzc2FnZXM6YXNjOjFl', '\u{1f600}'])(
    'refuse the cursor %j',
    async (cursor) => {
      const { manager } = testManager(echo)
      const { sessionId } = await manager.sessions.create()
      await expect(manager.sessions.messages(sessionId, { cursor })).rejects.toMatchObject({
        code: 'invalid_cursor',
      })
    },
  )

  it('refuse a cursor of another session, which is as short as their own', async () => {
    const { manager } = testManager(echo)
    const sessions = [await manager.sessions.create(), await manager.sessions.create()]
    const [mine, other] = sessions.map(({ sessionId }) => sessionId) as [string, string]
    for (const sessionId of [mine, other]) await (await manager.startTurn({ sessionId, message: 'hi' })).ended
    const { nextCursor } = await manager.sessions.messages(mine, { limit: 1 })
    const cursor = String(nextCursor)
    await expect(manager.sessions.messages(other, { cursor })).rejects.toMatchObject({
      code: 'invalid_cursor',
    })
    expect((await manager.sessions.messages(mine, { cursor })).data).toHaveLength(1)
    expect(cursor.length).toBeLessThan(40)
  })

  it('refuse a cursor for a session whose id nobody could have been given', async () => {
    const { manager } = testManager(echo)
    const reading = manager.sessions.messages('sess_\u{1fa91}\ud83d', { cursor: 'bWVzc2FnZXM' })
    await expect(reading).rejects.toMatchObject({ code: 'invalid_cursor' })
  })

  it('refuse a cursor of the other order', async () => {
    const { manager } = testManager(echo)
    const { sessionId } = await manager.sessions.create()
    await (await manager.startTurn({ sessionId, message: 'a' })).ended
    const { nextCursor } = await manager.sessions.messages(sessionId, { limit: 1 })
    const reading = manager.sessions.messages(sessionId, { order: 'desc', cursor: nextCursor ?? '' })
    await expect(reading).rejects.toMatchObject({ code: 'invalid_cursor' })
  })

  it('cancel their running turn when they are deleted, and its readers get the final event', async () => {
    const { manager } = testManager(async function* (_message, { signal }) {
      yield 'half'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const events = turn.events()[Symbol.asyncIterator]()
    await events.next()
    await events.next()
    await manager.sessions.delete(turn.sessionId)
    expect((await events.next()).value).toMatchObject({
      type: 'turn.cancelled',
      reason: 'session_deleted',
      content: 'half',
    })
    await expect(manager.turn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
    expect((await manager.status()).sessionCount).toBe(0)
  })

  it('take no turn while they are being deleted', async () => {
    const { manager, clock } = testManager(async function* () {
      yield 'half'
      await new Promise(() => {})
    })
    const { sessionId } = await manager.startTurn({ message: 'hello' })
    const deleting = manager.sessions.delete(sessionId)
    await expect(manager.startTurn({ sessionId, message: 'wait' })).rejects.toMatchObject({
      code: 'session_not_found',
    })
    await clock.advance(5_000)
    await deleting
  })
})

describe('the list of sessions', () => {
  it('has the most recently active first, page by page, and goes on where it was', async () => {
    const { manager, clock } = testManager(echo)
    const ids: string[] = []
    for (let n = 0; n < 5; n += 1) {
      ids.unshift((await manager.sessions.create()).sessionId)
      await clock.advance(1)
    }
    const first = await manager.sessions.list({ limit: 2 })
    expect(first.data.map(({ sessionId }) => sessionId)).toEqual(ids.slice(0, 2))
    await (await manager.startTurn({ sessionId: ids[1] ?? '', message: 'hello' })).ended
    await manager.sessions.create()
    const second = await manager.sessions.list({ limit: 2, cursor: first.nextCursor ?? '' })
    expect(second.data.map(({ sessionId }) => sessionId)).toEqual(ids.slice(2, 4))
    const third = await manager.sessions.list({ limit: 2, cursor: second.nextCursor ?? '' })
    expect(third).toMatchObject({ data: [{ sessionId: ids[4] }], nextCursor: null })
  })

  it.each([0.1, -86_400_000.5, 1e300, Number.MIN_VALUE])(
    'goes on where it was, whatever time the clock tells, also %j',
    async (now) => {
      const clock = { ...createManualClock(), now: () => now }
      const { manager } = testManager(echo, { clock, limits: { sessionTtlMs: Infinity } })
      for (let n = 0; n < 3; n += 1) await manager.sessions.create()
      const first = await manager.sessions.list({ limit: 1 })
      const rest = await manager.sessions.list({ cursor: String(first.nextCursor) })
      expect([...first.data, ...rest.data].map(({ sessionId }) => sessionId).sort()).toEqual([
        'sess_1',
        'sess_2',
        'sess_3',
      ])
    },
  )

  it('goes on where it was, whatever ids there are', async () => {
    let made = 0
    const ids: IdSource = (prefix) => {
      made += 1
      return `${prefix}:✓\u{1fa91}é${made}`
    }
    const { manager } = testManager(echo, { ids })
    for (let n = 0; n < 3; n += 1) await manager.sessions.create()
    const first = await manager.sessions.list({ limit: 1 })
    const rest = await manager.sessions.list({ cursor: String(first.nextCursor) })
    expect([...first.data, ...rest.data].map(({ sessionId }) => sessionId).sort()).toEqual([
      'sess:✓\u{1fa91}é1',
      'sess:✓\u{1fa91}é2',
      'sess:✓\u{1fa91}é3',
    ])
  })

  it.each(['', 'x', 'c2Vzc2lvbnM6', 'c2Vzc2lvbnM6eDp5', 'bWVzc2FnZXM6YXNjOjE'])(
    'refuses the cursor %j',
    async (cursor) => {
      const { manager } = testManager(echo)
      await expect(manager.sessions.list({ cursor })).rejects.toMatchObject({ code: 'invalid_cursor' })
    },
  )
})

describe('updating a session', () => {
  it('merges its metadata, removes what is null, and counts its new life from its last activity', async () => {
    const { manager, clock } = testManager(echo)
    const { sessionId, createdAt } = await manager.sessions.create({ metadata: { a: '1', b: '2' } })
    await clock.advance(10)
    const updated = await manager.sessions.update(sessionId, { metadata: { a: null, c: '3' }, ttlMs: 60_000 })
    expect(updated).toMatchObject({
      metadata: { b: '2', c: '3' },
      ttlMs: 60_000,
      expiresAt: createdAt + 60_000,
    })
    await expect(manager.sessions.update('sess_0', {})).rejects.toMatchObject({ code: 'session_not_found' })
  })

  it('names what breaks a bound, also one that is broken only together with what is there', async () => {
    const { manager } = testManager(echo)
    const pairs = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${prefix}${n}`, 'x']))
    const { sessionId } = await manager.sessions.create({ metadata: pairs('a', 10) })
    await expect(
      manager.sessions.update(sessionId, { metadata: { a: 'x'.repeat(513) } }),
    ).rejects.toMatchObject({
      faults: [{ path: '/metadata/a', message: 'is longer than 512 characters' }],
    })
    await expect(manager.sessions.update(sessionId, { metadata: pairs('b', 7) })).rejects.toMatchObject({
      faults: [{ path: '/metadata', message: 'would have 17 pairs; at most 16 are allowed' }],
    })
    expect(Object.keys((await manager.sessions.get(sessionId)).metadata)).toHaveLength(10)
  })
})

describe('input bounds', () => {
  const chars = (count: number) => '🪑'.repeat(count)

  it('take a message of exactly the allowed length, in code points, and refuse one more', async () => {
    const { manager } = testManager(echo)
    await (await manager.startTurn({ message: chars(32_000) })).ended
    await expect(manager.startTurn({ message: chars(32_001) })).rejects.toMatchObject({
      code: 'invalid_input',
      faults: [{ path: '/message', message: 'has 32001 characters; at most 32000 are allowed' }],
    })
  })

  it.each([
    ['an empty message', '', 'must not be empty'],
    ['half of a surrogate pair', 'a\ud83d', 'has half of a surrogate pair'],
  ])('refuse %s', async (_what, message, fault) => {
    const { manager } = testManager(echo)
    await expect(manager.startTurn({ message })).rejects.toMatchObject({
      faults: [{ path: '/message', message: fault }],
    })
  })

  it('take metadata at its bounds', async () => {
    const { manager } = testManager(echo)
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, n) => [`${n}`.padStart(64, 'k'), chars(512)]),
    )
    expect((await manager.sessions.create({ metadata })).metadata).toEqual(metadata)
  })

  it('name every broken bound of metadata at once', async () => {
    const { manager } = testManager(echo)
    const pairs = Array.from({ length: 14 }, (_, n) => [`key ${n}`, 'value'])
    const metadata = { '': 'x', 'a/b~c': chars(513), ['k'.repeat(65)]: 'x', ...Object.fromEntries(pairs) }
    const error = await manager.sessions.create({ metadata }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid_input' })
    expect(error).toHaveProperty('faults', [
      { path: '/metadata', message: 'has 17 pairs; at most 16 are allowed' },
      { path: '/metadata', message: 'has a key of 0 characters; 1 to 64 are allowed' },
      { path: '/metadata/a~1b~0c', message: 'is longer than 512 characters' },
      { path: '/metadata', message: 'has a key of 65 characters; 1 to 64 are allowed' },
    ])
  })

  it('are told briefly, however much was sent', async () => {
    const { manager } = testManager(echo)
    const pairs = Array.from({ length: 5_000 }, (_, n) => [`key ${n}`, chars(513)])
    const metadata = { ['k'.repeat(1e6)]: 'x', ...Object.fromEntries(pairs) }
    const error: unknown = await manager.sessions.create({ metadata }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'invalid_input',
      faults: [
        { path: '/metadata', message: 'has 5001 pairs; at most 16 are allowed' },
        { path: '/metadata', message: 'has a key of 1000000 characters; 1 to 64 are allowed' },
        ...Array.from({ length: 15 }, (_, n) => ({ path: `/metadata/key ${n}` })),
      ],
    })
    expect(String(error).length).toBeLessThan(2_000)
  })
})
