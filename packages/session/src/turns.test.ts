import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { brief, briefs, collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

describe('a turn', () => {
  it('answers a message in a new session, with numbered events', async () => {
    const { manager, clock } = testManager(async function* (message) {
      yield 'You said: '
      yield { type: 'text', text: message }
    })
    const turn = await manager.startTurn({ message: 'hello' })
    expect(await briefs(turn)).toEqual([
      '1 turn.started',
      '2 text.delta You said: ',
      '3 text.delta hello',
      '4 turn.completed',
    ])
    expect(await turn.ended).toEqual({
      type: 'turn.completed',
      seq: 4,
      sessionId: turn.sessionId,
      turnId: turn.turnId,
      messageId: expect.stringMatching(/^msg_/),
      content: 'You said: hello',
      functionsCalled: [],
      finishReason: 'stop',
      usage: null,
      durationMs: 0,
      endedAt: clock.now(),
    })
    expect(await manager.turn(turn)).toMatchObject({ status: 'completed', lastSeq: 4 })
  })

  it('carries every kind of chunk on', async () => {
    const { manager } = testManager(async function* () {
      yield { type: 'functionCall', callId: 'c1', name: 'look', arguments: { q: 'chair' } }
      yield { type: 'functionCall', callId: 'c2', name: 'look', arguments: null }
      yield { type: 'functionResult', callId: 'c2', name: 'look', error: 'nothing there' }
      yield { type: 'functionResult', callId: 'c1', name: 'look', result: ['a chair'] }
      yield { type: 'data', name: 'sources', data: [1, 2] }
      yield { type: 'usage', inputTokens: 3, outputTokens: 4 }
      yield { type: 'usage', inputTokens: 1, outputTokens: 1 }
      yield { type: 'finish', reason: 'length' }
      yield ''
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const events = await collect(turn.events())
    expect(events.slice(1, 6)).toEqual([
      { seq: 2, type: 'function.called', callId: 'c1', name: 'look', arguments: { q: 'chair' } },
      { seq: 3, type: 'function.called', callId: 'c2', name: 'look', arguments: null },
      { seq: 4, type: 'function.returned', callId: 'c2', name: 'look', error: 'nothing there' },
      { seq: 5, type: 'function.returned', callId: 'c1', name: 'look', result: ['a chair'] },
      { seq: 6, type: 'data', name: 'sources', data: [1, 2] },
    ])
    expect(events[6]).toMatchObject({
      seq: 7,
      type: 'turn.completed',
      content: '',
      finishReason: 'length',
      usage: { inputTokens: 4, outputTokens: 5 },
      functionsCalled: [
        { callId: 'c1', name: 'look', arguments: { q: 'chair' }, result: ['a chair'] },
        { callId: 'c2', name: 'look', arguments: null, error: 'nothing there' },
      ],
    })
    const messages = await manager.sessions.messages(turn.sessionId)
    expect(messages.data[1]).toMatchObject({
      role: 'assistant',
      content: '',
      status: 'complete',
      functionsCalled: [{}, {}],
    })
  })

  it('keeps what was said as it was, whatever the chat interface does with it afterwards', async () => {
    const result = { price: 100 }
    const { manager } = testManager(async function* () {
      yield { type: 'functionCall', callId: 'c1', name: 'price', arguments: {} }
      yield { type: 'functionResult', callId: 'c1', name: 'price', result }
      result.price = 200
      yield 'done'
    })
    const turn = await manager.startTurn({ message: 'how much?' })
    expect((await collect(turn.events()))[2]).toMatchObject({ result: { price: 100 } })
  })

  it('knows the session, the latest earlier messages and the state', async () => {
    const seen: ChatContext[] = []
    const { manager } = testManager(
      async function* (message, context) {
        seen.push(context)
        yield { type: 'state', state: { lost: true } }
        yield { type: 'state', state: { last: message } }
        yield `re: ${message}`
      },
      { limits: { historyLimit: 3 } },
    )
    const { sessionId } = await manager.sessions.create({ metadata: { shop: 'north' } })
    for (const message of ['a', 'b', 'c']) await (await manager.startTurn({ sessionId, message })).ended
    expect(seen.map(({ state }) => state)).toEqual([null, { last: 'a' }, { last: 'b' }])
    expect(seen[0]).toMatchObject({ history: [], session: { id: sessionId, metadata: { shop: 'north' } } })
    expect(seen[2]?.history).toEqual([
      { role: 'assistant', content: 're: a' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: 're: b' },
    ])
    expect(seen[2]?.turnId).toMatch(/^turn_/)
  })

  it('keeps the state as it was when it does not complete', async () => {
    const states: unknown[] = []
    const { manager } = testManager(async function* (message, { state }) {
      states.push(state)
      yield { type: 'state', state: message }
      if (message === 'fail') throw new Error('no')
    })
    const { sessionId } = await manager.sessions.create()
    for (const message of ['first', 'fail', 'third'])
      await (await manager.startTurn({ sessionId, message })).ended
    expect(states).toEqual([null, 'first', 'first'])
  })

  it('is the only one of its session: a second one at once is refused, with the id of the first', async () => {
    const { opened, open } = gate()
    const { manager } = testManager(async function* (message) {
      await opened
      yield message
    })
    const { sessionId } = await manager.sessions.create()
    const attempts = await Promise.allSettled([
      manager.startTurn({ sessionId, message: 'one' }),
      manager.startTurn({ sessionId, message: 'two' }),
    ])
    expect(attempts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    const [first, second] = attempts
    const turn = first?.status === 'fulfilled' ? first.value : undefined
    expect(second).toMatchObject({ reason: { code: 'turn_in_progress', turnId: turn?.turnId, sessionId } })
    open()
    expect(await turn?.ended).toMatchObject({ content: 'one' })
    expect(await (await manager.startTurn({ sessionId, message: 'three' })).ended).toMatchObject({
      content: 'three',
    })
    expect((await manager.sessions.get(sessionId)).messageCount).toBe(4)
  })

  it('runs beside those of other sessions, and none sees another’s text', async () => {
    const { manager } = testManager(async function* (message) {
      for (const letter of message) {
        await new Promise((resolve) => setImmediate(resolve))
        yield letter
      }
    })
    const messages = Array.from({ length: 50 }, (_, n) => `message number ${n}`)
    const turns = await Promise.all(messages.map((message) => manager.startTurn({ message })))
    const ends = await Promise.all(turns.map((turn) => turn.ended))
    expect(ends.map(({ content }) => content)).toEqual(messages)
  })

  it('is refused when as many run as may', async () => {
    const { opened, open } = gate()
    const { manager } = testManager(
      async function* () {
        await opened
        yield 'done'
      },
      { limits: { maxTurns: 2 } },
    )
    const turns = [await manager.startTurn({ message: 'a' }), await manager.startTurn({ message: 'b' })]
    expect((await manager.status()).turns).toEqual({ running: 2, queued: 0 })
    await expect(manager.startTurn({ message: 'c' })).rejects.toMatchObject({
      code: 'overloaded',
      stack: expect.not.stringMatching(/^ +at /m), // it would cost more than the rest of the refusal
    })
    expect(new Error('another').stack).toMatch(/^ +at /m)
    // What could not be answered anyway is told first.
    const unknown = manager.startTurn({ message: 'c', sessionId: 'sess_unknown' })
    await expect(unknown).rejects.toMatchObject({ code: 'session_not_found' })
    const sessionId = String(turns[0]?.sessionId)
    const busy = manager.startTurn({ message: 'c', sessionId })
    await expect(busy).rejects.toMatchObject({ code: 'turn_in_progress', turnId: turns[0]?.turnId })
    const patient = manager.startTurn({ message: 'c', sessionId, onBusy: 'queue' })
    await expect(patient).rejects.toMatchObject({ code: 'overloaded' })
    open()
    await Promise.all(turns.map((turn) => turn.ended))
    await manager.startTurn({ message: 'c' })
  })
})

describe('events', () => {
  it('reach every reader, whenever it comes, each in full', async () => {
    const { opened, open } = gate()
    const { manager } = testManager(async function* () {
      yield 'a'
      await opened
      yield 'b'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const early = collect(turn.events())
    for await (const event of turn.events()) if (event.seq === 2) break
    const second = collect(turn.events({ after: 2 }))
    open()
    await turn.ended
    const late = await collect(manager.events(turn))
    expect(late.map(brief)).toEqual([
      '1 turn.started',
      '2 text.delta a',
      '3 text.delta b',
      '4 turn.completed',
    ])
    expect(await early).toEqual(late)
    expect(await second).toEqual(late.slice(2))
    expect(await collect(manager.events(turn, { after: 3 }))).toEqual(late.slice(3))
    expect(await collect(manager.events(turn, { after: 4 }))).toEqual([])
  })

  it('are seen only once the store has them', async () => {
    const store = createMemoryStore()
    const { opened, open } = gate()
    const writeTurns = store.writeTurns.bind(store)
    store.writeTurns = async (writes) => {
      await opened
      return writeTurns(writes)
    }
    const { manager } = testManager(echo, { store })
    const turn = await manager.startTurn({ message: 'hello' })
    const reader = turn.events()[Symbol.asyncIterator]()
    await reader.next()
    let seen = false
    const second = reader.next().then(() => (seen = true))
    for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve))
    expect(seen).toBe(false)
    open()
    await second
    expect((await store.readEvents({ ...turn, owner: '' }, { after: 0, limit: 10 }, 0))?.length).toBe(3)
  })

  it('of all turns go to the store together, once a tick', async () => {
    const store = createMemoryStore()
    const sizes: number[] = []
    const writeTurns = store.writeTurns.bind(store)
    store.writeTurns = (writes) => {
      sizes.push(writes.length)
      return writeTurns(writes)
    }
    const { manager } = testManager(
      async function* () {
        for (let n = 0; n < 20; n += 1) yield `${n} `
      },
      { store },
    )
    const turns = await Promise.all(Array.from({ length: 10 }, () => manager.startTurn({ message: 'count' })))
    await Promise.all(turns.map((turn) => turn.ended))
    expect(sizes).toEqual([10])
  })

  it('stop coming when the reader leaves or its signal is aborted, and the turn goes on', async () => {
    const { opened, open } = gate()
    const { manager } = testManager(async function* () {
      yield 'a'
      await opened
      yield 'b'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    const controller = new AbortController()
    const waiting = collect(turn.events({ signal: controller.signal }))
    for await (const event of turn.events()) if (event.type === 'text.delta') break
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect((await waiting).map(brief)).toEqual(['1 turn.started', '2 text.delta a'])
    expect(await collect(turn.events({ signal: AbortSignal.abort() }))).toEqual([])
    open()
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'ab' })
  })

  it('wait for a slow reader, which holds up nobody', async () => {
    const { manager } = testManager(async function* () {
      for (let n = 0; n < 1_000; n += 1) yield '.'
    })
    const turn = await manager.startTurn({ message: 'go' })
    const slow = manager.eventBatches(turn)[Symbol.asyncIterator]()
    const first = await slow.next()
    await turn.ended
    let count = first.value?.length ?? 0
    for (let batch = await slow.next(); batch.done !== true; batch = await slow.next()) {
      expect(batch.value.length).toBeLessThanOrEqual(256)
      count += batch.value.length
    }
    expect(count).toBe(1_002)
  })

  it('of a turn that is not there are not found, and none is beyond the last', async () => {
    const { manager } = testManager(echo)
    const turn = await manager.startTurn({ message: 'hello' })
    await turn.ended
    const unknown = { sessionId: turn.sessionId, turnId: 'turn_0' }
    await expect(collect(manager.events(unknown))).rejects.toMatchObject({ code: 'turn_not_found' })
    const elsewhere = { sessionId: 'sess_0', turnId: turn.turnId }
    await expect(collect(manager.events(elsewhere))).rejects.toMatchObject({ code: 'turn_not_found' })
    for (const after of [4, -1, 1.5, Number.NaN]) {
      await expect(collect(manager.events(turn, { after }))).rejects.toMatchObject({ code: 'invalid_cursor' })
    }
  })
})

describe('cancelling', () => {
  it('aborts the signal, keeps the text so far as a partial message, and says why', async () => {
    let reason: unknown
    const { manager } = testManager(async function* (_message, { signal }) {
      yield 'half an '
      yield 'answer'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      reason = signal.reason
      yield ' too late'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    for await (const event of turn.events()) if (event.seq === 3) break
    expect(await manager.cancelTurn(turn, { reason: 'changed my mind' })).toMatchObject({ status: 'running' })
    await manager.cancelTurn(turn, { reason: 'once more' })
    expect(await turn.ended).toEqual({
      type: 'turn.cancelled',
      seq: 4,
      reason: 'changed my mind',
      content: 'half an answer',
    })
    expect(reason).toMatchObject({ name: 'AbortError' })
    const { data } = await manager.sessions.messages(turn.sessionId, { order: 'desc', limit: 1 })
    expect(data[0]).toMatchObject({ role: 'assistant', content: 'half an answer', status: 'partial' })
    await expect(manager.cancelTurn(turn)).rejects.toMatchObject({ code: 'turn_not_cancellable' })
  })

  it('works before the first event, and leaves no message then', async () => {
    const { manager } = testManager(async function* (_message, { signal }) {
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      yield 'never'
    })
    const turn = await manager.startTurn({ message: 'hello' })
    await manager.cancelTurn(turn)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', reason: 'client_request', content: '' })
    expect((await manager.sessions.get(turn.sessionId)).messageCount).toBe(1)
  })

  it('goes on without a chat interface that ignores its signal', async () => {
    const { manager, clock } = testManager(async function* () {
      yield 'stuck'
      await new Promise(() => {})
    })
    const turn = await manager.startTurn({ message: 'hello' })
    for await (const event of turn.events()) if (event.type === 'text.delta') break
    await manager.cancelTurn(turn)
    await clock.advance(4_999)
    expect(await manager.turn(turn)).toMatchObject({ status: 'running' })
    await clock.advance(1)
    expect(await turn.ended).toMatchObject({ type: 'turn.cancelled', content: 'stuck' })
    await manager.startTurn({ sessionId: turn.sessionId, message: 'again' })
  })

  it('finds no turn that is not there', async () => {
    const { manager } = testManager(echo)
    const missing = manager.cancelTurn({ sessionId: 'sess_0', turnId: 'turn_0' })
    await expect(missing).rejects.toMatchObject({ code: 'turn_not_found' })
  })
})
