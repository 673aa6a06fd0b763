import { once } from 'node:events'
import { createServer } from 'node:net'
import { type ChatResponse, type Client, createClient, type TurnEvent } from '@colloquy/client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type ServerProcess, startServer } from './server-process.fixture.js'

interface Product {
  readonly id: string
  readonly name: string
  readonly price: number
}

/** The products that an answer looked up, in the order in which it lists them. */
function lookedUp({ functions_called }: ChatResponse): readonly Product[] {
  const call = functions_called.find(({ name }) => name === 'lookup_products')
  return (call?.result as { products?: readonly Product[] } | undefined)?.products ?? []
}

async function readAll(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = []
  for await (const event of events) all.push(event)
  return all
}

describe('the server', () => {
  let server: ServerProcess
  let url: string
  let client: Client
  beforeAll(async () => {
    server = startServer()
    url = await server.url
    client = createClient({ baseUrl: url })
  })
  afterAll(async () => {
    server.child.kill('SIGTERM')
    await server.ended
  })

  it('lists chairs, takes an order for the second of them, and places it', async () => {
    const response = await fetch(`${url}/api/v1/chat`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ message: 'Show me chairs under 150' }),
    })
    expect(response.status).toBe(200)
    const list = (await response.json()) as ChatResponse
    expect(list.functions_called.map(({ name }) => name)).toEqual(['lookup_products'])
    const products = lookedUp(list)
    const second = products[1]
    if (second === undefined) throw new Error(`No second product in: ${JSON.stringify(list)}`)
    for (const { name, price } of products) {
      expect(price).toBeLessThan(150)
      expect(list.content).toContain(name)
    }

    const session_id = list.session_id
    const offer = await client.send({ session_id, message: "I'll take two of the second one" })
    expect(offer.session_id).toBe(session_id)
    expect(offer.content).toContain(second.name)
    expect(offer.content).toContain(String(2 * second.price))
    expect(offer.content).not.toContain('ORD-')

    const order = await client.send({ session_id, message: 'yes' })
    expect(order.functions_called).toMatchObject([
      { name: 'place_order', arguments: { productId: second.id, quantity: 2 }, result: { status: 'placed' } },
    ])
    expect(order.content).toMatch(/ORD-\d+/)
  })

  it('streams an answer in several pieces, up to its end', async () => {
    const events = await readAll(client.stream('Show me chairs under 150'))
    const texts = events.flatMap((event) => (event.type === 'text.delta' ? [event.data.text] : []))
    const last = events.at(-1)
    expect(texts.length).toBeGreaterThan(3)
    expect(events.map(({ type }) => type)).toContain('function.called')
    expect(last?.type === 'turn.completed' && last.data.content).toBe(texts.join(''))
  })

  it('keeps two sessions apart', async () => {
    const chairs = await client.send('Show me chairs under 150')
    const desks = await client.send('Show me desks')
    const chair = lookedUp(chairs)[1]
    const desk = lookedUp(desks)[1]
    const offers = await Promise.all(
      [chairs, desks].map(({ session_id }) => client.send({ session_id, message: 'I take the second one' })),
    )
    expect(offers.map(({ content }) => content)).toEqual([
      expect.stringContaining(String(chair?.name)),
      expect.stringContaining(String(desk?.name)),
    ])
    expect(chair?.name).not.toBe(desk?.name)
    const { data } = await client.session(desks.session_id).messages()
    expect(data.map(({ content }) => content)).toEqual([
      'Show me desks',
      desks.content,
      'I take the second one',
      offers[1]?.content,
    ])
  })

  it('says what it is, and that it is healthy', async () => {
    const status = await client.status()
    expect(status.chat.name).toBe('furniture-shop assistant')
    expect(status.chat.available_functions.map(({ name }) => name)).toContain('lookup_products')
    expect((await client.health()).status).toBe('healthy')
  })
})

describe('the server program', () => {
  it('ends with 0 when SIGTERM comes in a stream, which is read to its end', async () => {
    const { child, url, ended } = startServer()
    onTestFinished(() => void child.kill('SIGKILL'))
    const stream = createClient({ baseUrl: await url }).stream('Show me chairs under 150')
    let last: TurnEvent | undefined
    for await (const event of stream) {
      if (last === undefined) child.kill('SIGTERM')
      last = event
    }
    expect(last?.type).toBe('turn.completed')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('says that its port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    expect(await startServer(['--host', '127.0.0.1', '--port', String(port)]).ended).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`),
    })
  })

  it('says everything that is wrong with its settings, and ends with 2', async () => {
    const argv = ['--port', 'abc', '--log-level', 'loud']
    const { exitCode, stdout, stderr } = await startServer(argv, { COLLOQUY_SESSION_TTL: '-1' }).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/--port: [^]*COLLOQUY_SESSION_TTL: [^]*--log-level: /)
  })
})
