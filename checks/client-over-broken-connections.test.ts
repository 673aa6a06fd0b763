import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from '@colloquy/client'
import { createApp } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { expect, it, onTestFinished } from 'vitest'
import { startCuttingProxy } from '../apps/server/src/cutting-proxy.fixture.ts'

const answer = 'Zwölf Stühle 🪑, drei Tische, kein Schrank.'

/** A server, and a client of it that does not wait between its attempts, over connections that can be cut. */
async function start() {
  let asked = 0
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'shop',
      async *reply(message, { signal }) {
        asked += 1
        if (message === 'wait') {
          yield 'Waiting'
          await new Promise((resolve) => signal.addEventListener('abort', resolve))
          return
        }
        for (const word of answer.split(/(?<= )/)) {
          yield word
          await new Promise((resolve) => setImmediate(resolve)) // so that words are events of their own
        }
      },
    },
  })
  const server = createServer(createApp({ manager })).listen(0, '127.0.0.1')
  server.maxRequestsPerSocket = 1 // so that what is cut is the connection of one request
  await once(server, 'listening')
  onTestFinished(async () => {
    await manager.close()
    server.close()
    server.closeAllConnections()
  })
  let next: number | undefined
  const proxy = await startCuttingProxy((server.address() as AddressInfo).port, () => {
    const bytes = next
    next = undefined
    return bytes === undefined ? undefined : { direction: 'answer', bytes, how: 'FIN' }
  })
  return {
    client: createClient({ baseUrl: proxy.url, wait: async () => {} }),
    /** Breaks the next connection behind so many bytes of its answer. */
    cutNext(bytes: number) {
      next = bytes
    },
    cuts: () => proxy.cuts(),
    asked: () => asked,
  }
}

it('a stream is whole wherever its connection is cut, and the chat interface is asked once', {
  timeout: 60_000,
}, async () => {
  const { client, cutNext, cuts, asked } = await start()
  let chats = 0
  do {
    cutNext(chats * 7)
    chats += 1
    const seqs: number[] = []
    let text = ''
    let last = ''
    for await (const event of client.stream('Stühle?')) {
      seqs.push(event.seq)
      if (event.type === 'text.delta') text += event.data.text
      last = event.type
    }
    expect({ text, last, asked: asked() }).toEqual({ text: answer, last: 'turn.completed', asked: chats })
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  } while (cuts() === chats)
  expect(chats).toBeGreaterThan(150)
})

it('an answer is whole wherever its connection is cut, and the chat interface is asked once', {
  timeout: 60_000,
}, async () => {
  const { client, cutNext, cuts, asked } = await start()
  let chats = 0
  do {
    cutNext(chats * 7)
    chats += 1
    expect(await client.send('Stühle?')).toMatchObject({ content: answer })
    expect(asked()).toBe(chats)
  } while (cuts() === chats)
  expect(chats).toBeGreaterThan(50)
})

it('a turn is read again, from any event, and listed; one that has ended is not stopped', async () => {
  const { client } = await start()
  const said = await client.send('Stühle?')
  const read = async (after: number) => {
    const types: string[] = []
    for await (const event of client.session(said.session_id).turns.events(said.turn_id, { after }))
      types.push(event.type)
    return types
  }
  const all = await read(0)
  expect([all.at(0), all.at(-1)]).toEqual(['turn.started', 'turn.completed'])
  for (let after = 1; after <= all.length; after += 1) expect(await read(after)).toEqual(all.slice(after))
  await expect(read(all.length + 1)).rejects.toMatchObject({ code: 'invalid_cursor' })
  const turn = await client.session(said.session_id).turns.get(said.turn_id)
  expect(turn).toMatchObject({ turn_id: said.turn_id, status: 'completed', content: answer })
  expect(await client.session(said.session_id).turns.list()).toEqual({ data: [turn], next_cursor: null })
  await expect(client.session(said.session_id).turns.cancel(said.turn_id)).rejects.toMatchObject({
    code: 'turn_not_cancellable',
  })
})

it('a turn waits for the one that runs, until somebody stops that', async () => {
  const { client } = await start()
  const { session_id } = await client.sessions.create()
  const running = client.stream({ message: 'wait', session_id })
  const turn = { session_id, turn_id: await running.turnId }
  const queued = client.stream({ message: 'Stühle?', session_id, on_busy: 'queue' })
  await queued.turnId
  expect(
    await client.session(turn.session_id).turns.cancel(turn.turn_id, { reason: 'changed my mind' }),
  ).toMatchObject({ session_id })
  const ends: unknown[] = []
  for await (const { type, data } of running) if (type === 'turn.cancelled') ends.push(data)
  const types: string[] = []
  for await (const { type } of queued) types.push(type)
  expect(ends).toMatchObject([{ reason: 'changed my mind' }])
  expect([types[0], types[1], types.at(-1)]).toEqual(['turn.queued', 'turn.started', 'turn.completed'])
})
