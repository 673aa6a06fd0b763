import { describe, expect, it } from 'vitest'
import type { ChatContext } from './chat-interface.js'
import { briefs, collect, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionManager, TurnRequest } from './session-manager.js'
import type { SessionStore } from './session-store.js'
import { temporaryFile } from './sqlite/databases.fixture.js'
import { createSqliteStore } from './sqlite/index.js'

/** A chat interface that answers at once, but for a message that waits until it is let go. */
function heldChat() {
  const { opened, open } = gate()
  const asked: string[] = []
  async function* reply(message: string, { signal }: ChatContext) {
    asked.push(message)
    yield `${message}…`
    if (message === 'fail') throw new Error('broken')
    if (!message.startsWith('hold')) return
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve))
    await Promise.race([opened, aborted])
    if (!signal.aborted) yield ' done'
  }
  return { reply, asked, release: open }
}

/** A request with a key: the same one each time that it is asked for. */
const keyed = (message: string, changes: Partial<TurnRequest> = {}): TurnRequest => ({
  message,
  ...changes,
  key: { key: `key of ${message}`, fingerprint: message },
})

/** The same key with another request. */
const reusing = (message: string): TurnRequest => ({
  message: 'other',
  key: { key: `key of ${message}`, fingerprint: 'other' },
})

/** Sends a request again, and says which turn it got: the events of that turn tell how it went on. */
async function repeat(manager: SessionManager, request: TurnRequest) {
  const turn = await manager.startTurn(request)
  expect(turn.isRepeated).toBe(true)
  return turn
}

const stores = [
  { name: 'memory', createStore: (): SessionStore => createMemoryStore() },
  { name: 'SQLite', createStore: (): SessionStore => createSqliteStore({ path: temporaryFile() }) },
]

describe.each(stores)('a repeated request, over the $name store,', ({ createStore }) => {
  /** A manager with two places, both taken: by a turn that runs and by one that waits for it. */
  async function fullManager(options: Parameters<typeof testManager>[1] = {}) {
    const chat = heldChat()
    const made = testManager(chat.reply, {
      store: createStore(),
      ...options,
      limits: { maxTurns: 2, ...options.limits },
    })
    const { manager } = made
    const over = await manager.startTurn(keyed('over'))
    await over.ended
    const failed = await manager.startTurn(keyed('fail'))
    await failed.ended
    const running = await manager.startTurn(keyed('hold'))
    const { sessionId } = running
    const queueing = { sessionId, onBusy: 'queue' } as const
    const waiting = await manager.startTurn(keyed('wait', queueing))
    expect((await manager.status()).turns).toEqual({ running: 1, queued: 1 })
    return { ...chat, ...made, over, failed, running, waiting, queueing, sessionId }
  }

  it('gets its turn when as many run as may: one that runs, one that waits, and one that is over', async () => {
    const { manager, release, asked, over, failed, running, waiting, queueing } = await fullManager()
    await expect(manager.startTurn({ message: 'new' })).rejects.toMatchObject({ code: 'overloaded' })
    const again = {
      over: await repeat(manager, keyed('over')),
      failed: await repeat(manager, keyed('fail')),
      running: await repeat(manager, keyed('hold')),
      waiting: await repeat(manager, keyed('wait', queueing)),
    }
    for (const [name, turn] of Object.entries({ over, failed, running, waiting })) {
      const { sessionId, turnId } = again[name as keyof typeof again]
      expect({ name, sessionId, turnId }).toEqual({
        name,
        sessionId: turn.sessionId,
        turnId: turn.turnId,
      })
    }
    expect(await again.over.ended).toMatchObject({ type: 'turn.completed', content: 'over…' })
    expect(await again.failed.ended).toMatchObject({ type: 'turn.failed', code: 'chat_failed' })
    expect(await briefs(again.over)).toEqual(['1 turn.started', '2 text.delta over…', '3 turn.completed'])
    release()
    expect(await again.running.ended).toMatchObject({ type: 'turn.completed', content: 'hold… done' })
    expect(await again.waiting.ended).toMatchObject({ type: 'turn.completed', content: 'wait…' })
    expect(await briefs(again.waiting)).toEqual(await briefs(waiting))
    expect(asked).toEqual(['over', 'fail', 'hold', 'wait'])
    await manager.close()
  })

  it('takes no place: as many others begin as before', async () => {
    const { manager, release, running, waiting } = await fullManager()
    await repeat(manager, keyed('hold'))
    await repeat(manager, keyed('hold'))
    expect((await manager.status()).turns).toEqual({ running: 1, queued: 1 })
    release()
    await Promise.all([running.ended, waiting.ended])
    const others = [await manager.startTurn({ message: 'a' }), await manager.startTurn({ message: 'b' })]
    expect((await Promise.all(others.map(({ ended }) => ended))).map(({ type }) => type)).toEqual([
      'turn.completed',
      'turn.completed',
    ])
    await manager.close()
  })

  it('that is another request is told which turn its key stands for, also when there is no place', async () => {
    const { manager, release, over, running, waiting } = await fullManager()
    for (const [message, { sessionId, turnId }] of [
      ['over', over],
      ['hold', running],
      ['wait', waiting],
    ] as const) {
      await expect(manager.startTurn(reusing(message))).rejects.toMatchObject({
        code: 'key_reused',
        sessionId,
        turnId,
      })
    }
    release()
    await manager.close()
  })

  it('that is none, for its key is new, is refused like any other when there is no place', async () => {
    const { manager, release, running, sessionId, asked } = await fullManager()
    await expect(manager.startTurn(keyed('new'))).rejects.toMatchObject({ code: 'overloaded' })
    await expect(manager.startTurn(keyed('new', { sessionId }))).rejects.toMatchObject({
      code: 'turn_in_progress',
      turnId: running.turnId,
    })
    const unknown = manager.startTurn(keyed('new', { sessionId: 'sess_unknown' }))
    await expect(unknown).rejects.toMatchObject({ code: 'session_not_found' })
    await expect(manager.ownedBy('somebody else').startTurn(keyed('hold'))).rejects.toMatchObject({
      code: 'overloaded',
    })
    expect(asked).not.toContain('new')
    release()
    await manager.close()
  })

  it('that was refused for want of a place begins its turn when there is one', async () => {
    const { manager, release, running, waiting } = await fullManager()
    await expect(manager.startTurn(keyed('new'))).rejects.toMatchObject({ code: 'overloaded' })
    release()
    await Promise.all([running.ended, waiting.ended])
    const turn = await manager.startTurn(keyed('new'))
    expect(turn.isRepeated).toBe(false)
    expect(await turn.ended).toMatchObject({ content: 'new…' })
    await manager.close()
  })

  it('is a new one when its key or its session is gone, and finds no place', async () => {
    const { manager, clock, release, over, failed } = await fullManager({
      limits: { keyTtlMs: 1_000, sessionTtlMs: 10_000 },
    })
    await repeat(manager, keyed('over'))
    await manager.sessions.delete(over.sessionId)
    await expect(manager.startTurn(keyed('over'))).rejects.toMatchObject({ code: 'overloaded' })
    await clock.advance(999)
    expect((await repeat(manager, keyed('fail'))).turnId).toBe(failed.turnId)
    await clock.advance(1)
    for (const message of ['fail', 'hold'])
      await expect(manager.startTurn(keyed(message))).rejects.toMatchObject({ code: 'overloaded' })
    release()
    await manager.close()
  })

  it('counts as a reader of its turn, also when there is no place', async () => {
    const chat = heldChat()
    const { manager, clock } = testManager(chat.reply, { store: createStore(), limits: { maxTurns: 1 } })
    const request = keyed('hold', { onDisconnect: 'cancel' })
    const turn = await manager.startTurn(request)
    const leaveFirst = turn.attend()
    const again = await repeat(manager, request)
    const leaveAgain = again.attend()
    leaveFirst()
    await clock.advance(manager.limits.disconnectGraceMs)
    expect(await manager.turn(turn)).toMatchObject({ status: 'running' })
    leaveAgain()
    await clock.advance(manager.limits.disconnectGraceMs)
    expect(await again.ended).toMatchObject({ type: 'turn.cancelled', reason: 'client_disconnected' })
    await manager.close()
  })

  it('gets its turn while the manager closes, and its events; a new one is refused', async () => {
    const { manager, release, asked, over, running, waiting, queueing } = await fullManager()
    const closing = manager.close({ grace: 1_000 })
    expect(manager.state).toBe('closing')
    for (const request of [{ message: 'new' }, keyed('new'), keyed('new', queueing)])
      await expect(manager.startTurn(request)).rejects.toMatchObject({ code: 'shutting_down' })
    await expect(manager.startTurn(reusing('hold'))).rejects.toMatchObject({
      code: 'key_reused',
      turnId: running.turnId,
    })
    const again = {
      over: await repeat(manager, keyed('over')),
      running: await repeat(manager, keyed('hold')),
      waiting: await repeat(manager, keyed('wait', queueing)),
    }
    expect(Object.values(again).map(({ turnId }) => turnId)).toEqual(
      [over, running, waiting].map(({ turnId }) => turnId),
    )
    expect((await again.over.ended).content).toBe('over…')
    expect((await collect(manager.events(again.over))).at(-1)).toMatchObject({ type: 'turn.completed' })
    const [seen, ended] = [briefs(again.running), again.waiting.ended]
    release()
    expect(await seen).toEqual([
      '1 turn.started',
      '2 text.delta hold…',
      '3 text.delta  done',
      '4 turn.completed',
    ])
    expect(await ended).toMatchObject({ type: 'turn.completed', content: 'wait…' })
    await closing
    expect(asked).toEqual(['over', 'fail', 'hold', 'wait'])
  })

  it('gets its turn while the manager closes with places that are free', async () => {
    const chat = heldChat()
    const { manager } = testManager(chat.reply, { store: createStore() })
    const turn = await manager.startTurn(keyed('hold'))
    const closing = manager.close({ grace: 1_000 })
    const again = await repeat(manager, keyed('hold'))
    expect(again.turnId).toBe(turn.turnId)
    await expect(manager.startTurn(keyed('new'))).rejects.toMatchObject({ code: 'shutting_down' })
    chat.release()
    expect(await again.ended).toEqual(await turn.ended)
    await closing
  })

  it('is told of the interruption when the grace is over, and then like everybody that the manager is closed', async () => {
    const { manager, clock, running, over, queueing } = await fullManager()
    const late = await repeat(manager, keyed('over'))
    const closing = manager.close({ grace: 1_000 })
    const again = await repeat(manager, keyed('hold'))
    const { ended } = again
    await clock.advance(1_000)
    expect(await ended).toMatchObject({ type: 'turn.interrupted', reason: 'shutdown' })
    expect(await running.ended).toEqual(await ended)
    await closing
    const refused = { code: 'shutting_down' }
    for (const request of [
      keyed('over'),
      keyed('hold'),
      keyed('wait', queueing),
      keyed('new'),
      reusing('hold'),
      { message: 'new' },
    ])
      await expect(manager.startTurn(request)).rejects.toMatchObject(refused)
    await expect(collect(again.events())).rejects.toMatchObject(refused)
    await expect(manager.turn(over)).rejects.toMatchObject(refused)
    await expect(late.ended).rejects.toMatchObject(refused)
  })

  it('at the same moment as the first never makes a second turn where there is one place', async () => {
    const chat = heldChat()
    const { manager } = testManager(chat.reply, { store: createStore(), limits: { maxTurns: 1 } })
    await manager.start()
    const asked = await Promise.allSettled([1, 2, 3].map(() => manager.startTurn(keyed('hold'))))
    const turns = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(1)
    expect(turns.map(({ isRepeated }) => isRepeated)).toEqual([false, true, true])
    const { data: sessions } = await manager.sessions.list()
    expect(sessions).toHaveLength(1)
    expect((await manager.turns(String(turns[0]?.sessionId))).data).toHaveLength(1)
    chat.release()
    turns.push(await repeat(manager, keyed('hold')))
    for (const turn of turns) expect(await turn.ended).toMatchObject({ content: 'hold… done' })
    expect(chat.asked).toEqual(['hold'])
    await manager.close()
  })

  it('gets its turn when the manager begins to close before the store has accepted the first', async () => {
    const chat = heldChat()
    const { manager } = testManager(chat.reply, { store: createStore() })
    await manager.start()
    const first = manager.startTurn(keyed('over'))
    const second = manager.startTurn(keyed('over'))
    await Promise.resolve() // both have been let in, and nothing has been answered
    const closing = manager.close({ grace: 1_000 })
    const third = manager.startTurn(keyed('over'))
    const turns = await Promise.all([first, second, third])
    expect(turns.map(({ isRepeated }) => isRepeated)).toEqual([false, true, true])
    expect(new Set(turns.map(({ turnId }) => turnId)).size).toBe(1)
    await closing
    expect(chat.asked).toEqual(['over'])
  })

  it('fails when the store can not tell whether it is one, rather than to be refused for something else', async () => {
    const store = createStore()
    const chat = heldChat()
    const { manager } = testManager(chat.reply, { store, limits: { maxTurns: 1 } })
    const turn = await manager.startTurn(keyed('hold'))
    store.getKeyedTurn = () => Promise.reject(new Error('disk on fire'))
    await expect(manager.startTurn(keyed('hold'))).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(manager.startTurn({ message: 'new' })).rejects.toMatchObject({ code: 'overloaded' })
    const closing = manager.close({ grace: 1_000 })
    await expect(manager.startTurn(keyed('hold'))).rejects.toMatchObject({ code: 'store_unavailable' })
    await expect(manager.startTurn({ message: 'new' })).rejects.toMatchObject({ code: 'shutting_down' })
    chat.release()
    await turn.ended
    await closing
  })
})
