import { describe, expect, it } from 'vitest'
import { collect, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'

const found = { code: 'session_not_found' }

describe('scopes of owners', () => {
  it('have sessions and turns of their own, which do not exist for others', async () => {
    const { manager } = testManager(async function* (message) {
      yield message
    })
    const anna = manager.ownedBy('anna')
    const ben = manager.ownedBy('ben')
    const turn = await anna.startTurn({ message: 'hello' })
    await turn.ended
    const { sessionId } = turn
    expect(anna.owner).toBe('anna')
    expect(await anna.sessions.get(sessionId)).toMatchObject({ owner: 'anna', messageCount: 2 })
    for (const other of [ben, manager, manager.ownedBy('Anna'), manager.ownedBy('')]) {
      await expect(other.sessions.get(sessionId)).rejects.toMatchObject(found)
      await expect(other.sessions.messages(sessionId)).rejects.toMatchObject(found)
      await expect(other.sessions.update(sessionId, { ttlMs: 1 })).rejects.toMatchObject(found)
      await expect(other.sessions.delete(sessionId)).rejects.toMatchObject(found)
      await expect(other.startTurn({ sessionId, message: 'mine?' })).rejects.toMatchObject(found)
      await expect(other.turn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
      await expect(other.cancelTurn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
      await expect(collect(other.events(turn))).rejects.toMatchObject({ code: 'turn_not_found' })
      expect((await other.sessions.list()).data).toEqual([])
    }
    expect(await collect(anna.events(turn))).toHaveLength(3)
    expect((await anna.sessions.list()).data.map((session) => session.sessionId)).toEqual([sessionId])
    expect(await anna.turn(turn)).toMatchObject({ status: 'completed' })
  })

  it('are the same whenever they are asked for', async () => {
    const { manager } = testManager(async function* () {})
    const { sessionId } = await manager.ownedBy('anna').sessions.create()
    expect(await manager.ownedBy('anna').sessions.get(sessionId)).toMatchObject({ sessionId })
    const own = await manager.sessions.create()
    expect(await manager.ownedBy('').sessions.get(own.sessionId)).toEqual(own)
  })

  it('see nothing of a running turn of another owner, and can neither stop nor hold it up', async () => {
    const { open, opened } = gate()
    const store = createMemoryStore()
    const deleteSession = store.deleteSession.bind(store)
    const deletion = gate()
    store.deleteSession = async (session, now) => {
      await deletion.opened
      return deleteSession(session, now)
    }
    const { manager } = testManager(
      async function* () {
        yield 'before '
        await opened
        yield 'after'
      },
      { store },
    )
    const anna = manager.ownedBy('anna')
    const ben = manager.ownedBy('ben')
    const turn = await anna.startTurn({ message: 'hello' })
    const reader = anna.events(turn)[Symbol.asyncIterator]()
    await reader.next()
    await reader.next()
    await expect(collect(ben.events(turn))).rejects.toMatchObject({ code: 'turn_not_found' })
    await expect(ben.cancelTurn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
    await expect(ben.turn(turn)).rejects.toMatchObject({ code: 'turn_not_found' })
    await expect(ben.startTurn({ ...turn, message: 'me too' })).rejects.toMatchObject(found)
    const deleting = ben.sessions.delete(turn.sessionId).catch((error: unknown) => error)
    open()
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'before after' })
    // Another's wish to delete it is still under way: the session takes its next turn all the same.
    const next = await anna.startTurn({ sessionId: turn.sessionId, message: 'go on' })
    expect(await next.ended).toMatchObject({ type: 'turn.completed' })
    deletion.open()
    expect(await deleting).toMatchObject(found)
    expect((await anna.sessions.get(turn.sessionId)).messageCount).toBe(4)
  })

  it('do not share the places of their lists', async () => {
    const { manager, clock } = testManager(async function* () {})
    const anna = manager.ownedBy('anna')
    const ben = manager.ownedBy('ben')
    for (let n = 0; n < 3; n += 1) {
      await anna.sessions.create()
      await ben.sessions.create()
      await clock.advance(1)
    }
    const { nextCursor } = await anna.sessions.list({ limit: 1 })
    const cursor = String(nextCursor)
    const rest = await ben.sessions.list({ cursor })
    expect(rest.data.every((session) => session.owner === 'ben')).toBe(true)
    expect((await anna.sessions.list({ cursor })).data).toHaveLength(2)
  })
})
