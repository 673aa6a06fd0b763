import { describe, expect, it } from 'vitest'
import { echo, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionManager } from './session-manager.js'

const calls: readonly [string, (manager: SessionManager) => Promise<unknown>][] = [
  ['createSession', (manager) => manager.sessions.create()],
  ['getSession', (manager) => manager.sessions.get('sess_1')],
  ['listSessions', (manager) => manager.sessions.list()],
  ['updateSession', (manager) => manager.sessions.update('sess_1', {})],
  ['deleteSession', (manager) => manager.sessions.delete('sess_1')],
  ['countSessions', (manager) => manager.status()],
  ['listMessages', (manager) => manager.sessions.messages('sess_1')],
  ['acceptTurn', (manager) => manager.startTurn({ message: 'hello' })],
  ['listTurns', (manager) => manager.turns('sess_1')],
  ['getTurn', (manager) => manager.turn({ sessionId: 'sess_1', turnId: 'turn_1' })],
]

describe.each(calls)('a store whose %s fails', (call, ask) => {
  it.each([
    ['by rejecting', () => Promise.reject(new Error('disk on fire'))],
    [
      'by throwing at once',
      () => {
        throw new Error('disk on fire')
      },
    ],
  ])('%s is unavailable, and says why to the log alone', async (_how, fail) => {
    const store = Object.assign(createMemoryStore(), { [call]: fail })
    const { manager } = testManager(echo, { store })
    await manager.start()
    const error: unknown = await ask(manager).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'store_unavailable', cause: { message: 'disk on fire' } })
    expect(String(error)).not.toContain('fire')
  })
})
