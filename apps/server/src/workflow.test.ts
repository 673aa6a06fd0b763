import { type ChatResponse, ColloquyError, createClient, type TurnEvent } from '@colloquy/client'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startServer } from './server-process.fixture.js'

async function startClient() {
  const server = startServer()
  onTestFinished(() => void server.child.kill('SIGKILL'))
  const url = await server.url
  return { server, url, client: createClient({ baseUrl: url }) }
}

async function readAll(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

const calls = ({ functions_called }: ChatResponse) => functions_called.map(({ name }) => name)

const notFound = expect.objectContaining({ code: 'session_not_found', status: 404 })

describe('a whole conversation', () => {
  it('is begun, had, streamed, read, changed, listed and deleted', async () => {
    const { client, url, server } = await startClient()
    const made = await client.sessions.create({ metadata: { channel: 'web' }, ttl_seconds: 600 })
    const { session_id } = made
    expect(made).toMatchObject({ message_count: 0, active_turn_id: null, metadata: { channel: 'web' } })

    const first = await client.send({ session_id, message: 'Show me chairs under 150' })
    expect(first.session_id).toBe(session_id)
    const events = await readAll(client.stream({ session_id, message: 'Show me desks' }))
    const end = events.at(-1)
    if (end?.type !== 'turn.completed') throw new Error(`The stream ended with ${JSON.stringify(end)}`)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
    expect(end.data.session_id).toBe(session_id)

    const { data, next_cursor } = await client.session(session_id).messages()
    expect(next_cursor).toBeNull()
    expect(data.map(({ role, content, turn_id }) => [role, content, turn_id])).toEqual([
      ['user', 'Show me chairs under 150', first.turn_id],
      ['assistant', first.content, first.turn_id],
      ['user', 'Show me desks', end.data.turn_id],
      ['assistant', end.data.content, end.data.turn_id],
    ])
    expect(data[1]?.functions_called).toEqual(first.functions_called)
    const newest = await client.session(session_id).messages({ order: 'desc', limit: 1 })
    expect(newest.data).toEqual([data[3]])

    const changed = await client.session(session_id).update({
      metadata: { channel: null, table: '7' },
      ttl_seconds: 60,
    })
    expect(changed).toMatchObject({ metadata: { table: '7' }, ttl_seconds: 60, message_count: 4 })
    expect(await client.sessions.get(session_id)).toEqual(changed)
    const another = await client.sessions.create()
    const listed = await client.sessions.list()
    expect(listed.data.map((session) => session.session_id).toSorted()).toEqual(
      [session_id, another.session_id].toSorted(),
    )

    await client.session(session_id).delete()
    await expect(client.sessions.get(session_id)).rejects.toEqual(notFound)
    await expect(client.session(session_id).delete()).rejects.toEqual(notFound)
    await expect(client.session(session_id).messages()).rejects.toEqual(notFound)
    await expect(client.session(session_id).update({})).rejects.toEqual(notFound)
    await expect(client.send({ session_id, message: 'hello?' })).rejects.toBeInstanceOf(ColloquyError)
    expect((await client.sessions.list()).data).toEqual([another])
    expect((await fetch(`${url}/api/v1/sessions/${session_id}`)).status).toBe(404)
    expect((await client.status()).session_count).toBe(1)

    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(server.lines.filter(({ level }) => Number(level) >= 40)).toEqual([])
  })

  it('with the assistant goes from a search by way of a question to an order, which can be cancelled', async () => {
    const { client } = await startClient()
    const found = await client.send('Show me chairs under 150')
    const { session_id } = found
    expect(calls(found)).toEqual(['lookup_products'])
    const offer = await client.send({ session_id, message: "I'll take the first one" })
    expect(offer.content).toContain('Shall I place the order?')
    const declined = await client.send({ session_id, message: 'no' })
    expect(calls(declined)).toEqual([])

    await client.send({ session_id, message: "I'll take two of the second one" })
    const placed = await client.send({ session_id, message: 'yes' })
    const [order = ''] = /ORD-\d+/.exec(placed.content) ?? []
    const shown = await client.send({ session_id, message: 'What did I order?' })
    expect(shown.content).toContain(order)
    const events = await readAll(client.stream({ session_id, message: `Cancel ${order}` }))
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'function.called',
        data: expect.objectContaining({ name: 'cancel_order' }),
      }),
    )

    const { data } = await client.session(session_id).messages()
    const called = data.flatMap(({ functions_called = [] }) => functions_called)
    const places = called.filter(({ result }) => (result as { status?: string } | null)?.status === 'placed')
    expect(places).toMatchObject([{ name: 'place_order', arguments: { quantity: 2 } }])
  })
})
