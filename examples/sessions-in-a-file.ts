// Keeps sessions in a file: a program that is started again goes on where the last one stopped.
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSessionManager } from '@colloquy/session'
import { createSqliteStore } from '@colloquy/session/sqlite'

const folder = await mkdtemp(join(tmpdir(), 'colloquy-example-'))
const path = join(folder, 'colloquy.db')

/** Counts the messages of a session: its state is kept with the end of each turn. */
const counter = {
  name: 'counter',
  async *reply(_message: string, { state }: { state: unknown }) {
    const count = Number(state ?? 0) + 1
    yield `This is message ${count}.`
    yield { type: 'state' as const, state: count }
  },
}

/** What one run of a program does: it opens the file, answers a message, and closes it again. */
async function run(message: string, sessionId?: string) {
  const manager = createSessionManager({ store: createSqliteStore({ path }), chat: counter })
  const turn = await manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
  const end = await turn.ended
  const { data } = await manager.sessions.messages(turn.sessionId)
  await manager.close()
  return { sessionId: turn.sessionId, answer: end.type === 'turn.completed' ? end.content : '', data }
}

try {
  const first = await run('one')
  assert.equal(first.answer, 'This is message 1.')
  const second = await run('two', first.sessionId)
  assert.equal(second.answer, 'This is message 2.')
  assert.deepEqual(
    second.data.map(({ role, content }) => `${role}: ${content}`),
    ['user: one', 'assistant: This is message 1.', 'user: two', 'assistant: This is message 2.'],
  )

  // One process at a time has the file.
  const store = createSqliteStore({ path })
  await store.open()
  await assert.rejects(run('three', first.sessionId))
  assert.deepEqual(await store.integrityCheck(), [])
  await store.close()
  console.log('ok')
} finally {
  await rm(folder, { recursive: true })
}
