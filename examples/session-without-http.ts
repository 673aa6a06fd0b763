// A conversation of two turns in a program of one's own: no server, no HTTP. Run it: node examples/session-without-http.ts
import assert from 'node:assert/strict'
import { defineChat } from '@colloquy/chat'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'

const chat = defineChat(async function* (message, { history }) {
  const first = history.find(({ role }) => role === 'user')
  yield `You said: ${message}. `
  yield first === undefined ? 'It was the first thing.' : `The first thing was: ${first.content}.`
})

const manager = createSessionManager({ store: createMemoryStore(), chat })

// The first turn makes the session. Its events may be read while it runs, or later, by any number of readers.
const first = await manager.startTurn({ message: 'hello' })
const types: string[] = []
for await (const event of first.events()) types.push(event.type)
assert.deepEqual(types, ['turn.started', 'text.delta', 'text.delta', 'turn.completed'])

// The second one goes on in it, and only its end is waited for.
const second = await manager.startTurn({ message: 'goodbye', sessionId: first.sessionId })
const end = await second.ended
assert(end.type === 'turn.completed')
assert.equal(end.content, 'You said: goodbye. The first thing was: hello.')

// Every event can be read again, from any place.
const seen: number[] = []
for await (const event of manager.events(first, { after: 2 })) seen.push(event.seq)
assert.deepEqual(seen, [3, 4])

const { data } = await manager.sessions.messages(first.sessionId)
assert.deepEqual(
  data.map(({ role, content }) => `${role}: ${content}`),
  [
    'user: hello',
    'assistant: You said: hello. It was the first thing.',
    'user: goodbye',
    'assistant: You said: goodbye. The first thing was: hello.',
  ],
)

await manager.close()
console.log('ok')
