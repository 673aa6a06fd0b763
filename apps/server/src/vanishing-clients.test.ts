import { describe, expect, it } from 'vitest'
import { chatRequest, readUntil, sendRaw } from './raw-client.fixture.js'
import { completed, left, type SteeredServer, startSteered } from './steered-server.fixture.js'

const many = 50

const each = <T>(make: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: many }, make))

/** One of each kind of client that does not wait for its answer, many times at once. */
async function vanish(server: SteeredServer): Promise<void> {
  const { port } = server
  const from = server.lines.length
  await server.say('close')
  const streaming = await each(() => sendRaw(port, chatRequest({ message: 'pieces 5', stream: true })))
  const asking = await each(() => sendRaw(port, chatRequest({ message: 'pieces 5' })))
  const halfOpen = await each(() => sendRaw(port, chatRequest({ message: 'pieces 5', stream: true })))
  await server.say(`waiting ${3 * many}`)
  await Promise.all(streaming.map((socket) => readUntil(socket, 'turn.started')))
  const unfinished = chatRequest({ message: 'x'.repeat(1_000) }).slice(0, 300)
  const midBody = await each(() => sendRaw(port, unfinished))
  const midHeaders = await each(() => sendRaw(port, unfinished.slice(0, 50)))
  const silent = await each(() => sendRaw(port, ''))
  const goneMidBody = server.logged(({ status }) => status === 400, many, from)

  for (const socket of [...streaming, ...asking, ...midBody, ...midHeaders, ...silent]) socket.destroy()
  for (const socket of halfOpen) socket.end() // says that it sends no more, which counts as having gone
  await server.logged(left, 3 * many, from)
  await goneMidBody
  expect((await server.client.status()).turns.running).toBe(3 * many) // a turn outlives its reader
  await server.say('open')
  await server.logged((line) => completed(line) && line['events'] === 8, 3 * many, from)
  for (const socket of halfOpen) socket.destroy()

  const { data } = await server.client.sessions.list({ limit: 200 })
  const whole = await server.client.session(data[0]?.session_id ?? '').messages()
  expect(whole.data.at(-1)?.status).toBe('complete')
  for (const { session_id } of data) await server.client.session(session_id).delete()
}

describe('clients that vanish', () => {
  it('leave nothing behind: their turns end, nothing stays in memory, and nothing is an error', async () => {
    const server = await startSteered()
    await vanish(server)
    await vanish(server)
    const before = await server.held()
    for (let round = 0; round < 3; round += 1) await vanish(server)
    const grown = (await server.held()) - before
    expect(grown).toBeLessThan(2 * 1_048_576) // a connection that stays costs some ten kilobytes, and 750 have gone
    const { turns, session_count } = await server.client.status()
    expect({ turns, session_count }).toEqual({ turns: { running: 0, queued: 0 }, session_count: 0 })
    await server.end()
  })

  it('or never finish a request keep nobody from an answer, and the server from no end', async () => {
    const server = await startSteered()
    const sockets = await each(() => sendRaw(server.port, 'POST /api/v1/chat HTTP/1.1\r\nHost: local'))
    sockets.push(...(await each(() => sendRaw(server.port, chatRequest({ message: 'hi' }).slice(0, -5)))))
    expect((await server.say('pieces 3')).content).toMatch(/ 1 2 3$/)
    await server.end()
    for (const socket of sockets) socket.destroy()
  })
})
