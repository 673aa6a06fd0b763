import { connect } from 'node:net'
import type { ChatRequest } from '@colloquy/contract'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { problemOf } from '../answer/problem-of.fixture.js'
import { exchange } from '../connections/raw-exchange.fixture.js'
import type { Authenticate } from '../index.js'
import { gate } from '../server.fixture.js'
import { shortly } from '../stream/event-stream.fixture.js'
import { heldChat, idsOf, startTurnServer, type TurnServer } from './turns.fixture.js'

const keyed = (name: string) => ({ headers: { 'Idempotency-Key': name } })

const isReplayed = ({ headers }: Response) => headers.get('idempotency-replayed')

/** A chat request as it stands on the wire. */
function chatRequest(body: ChatRequest, name: string | null): string {
  const json = JSON.stringify(body)
  const lines = [
    'POST /api/v1/chat HTTP/1.1',
    'Host: localhost',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(json)}`,
    ...(name === null ? [] : [`Idempotency-Key: ${name}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${json}`
}

/** Asks on a connection of its own: those that are kept alive are closed when a shutdown begins. */
const askAnew = ({ port }: TurnServer, body: ChatRequest, name: string | null) =>
  exchange(port, chatRequest(body, name))

/** A store that tells when it is asked for the turn of a key: that request has reached the server, and nothing else has. */
function watchedStore() {
  const store = createMemoryStore()
  const { opened, open } = gate()
  const find = store.getKeyedTurn.bind(store)
  store.getKeyedTurn = (...args) => {
    open()
    return find(...args)
  }
  return { store, lookedUp: opened }
}

/** The two forms of an answer, each with what it says of a turn whose stream is known. */
const forms = [
  {
    form: 'JSON',
    stream: false,
    said: (seen: string) => /^event: turn.completed\ndata: (.*)$/m.exec(seen)?.[1],
  },
  { form: 'a stream', stream: true, said: (seen: string) => seen },
]

describe('a request that is sent again when as many turns run as may', () => {
  /** A server whose every place is taken: by a turn that runs and by one that waits for it. */
  async function startFull(options: Parameters<typeof startTurnServer>[1] = {}) {
    const { reply, ...chat } = heldChat()
    const { store, lookedUp } = watchedStore()
    const server = await startTurnServer(reply, { ...options, manager: { store, limits: { maxTurns: 2 } } })
    chat.release('over')
    const over = await server.chat({ message: 'over' }, keyed('over'))
    await over.rest()
    const one = await server.chat({ message: 'one' }, keyed('one'))
    await one.until('half')
    const queueing = { message: 'two', session_id: one.sessionId, on_busy: 'queue' } as const
    const two = await server.chat(queueing, keyed('two'))
    await two.until('turn.queued')
    return { ...chat, server, lookedUp, over, one, two, queueing }
  }

  it.each(forms)('gets its turn that runs, as $form', async ({ stream, said }) => {
    const { server, lookedUp, one, release } = await startFull()
    const asking = askAnew(server, { message: 'one', stream }, 'one')
    await lookedUp
    release('one')
    release('two')
    const again = await asking
    expect([again.status, isReplayed(again), idsOf(again).turnId]).toEqual([200, 'true', one.turnId])
    expect(await again.text()).toBe(said(await one.rest()))
  })

  it('gets its turn that waits, with its place, and then its answer', async () => {
    const { server, two, queueing, release } = await startFull()
    const again = await server.chat(queueing, keyed('two'))
    expect([isReplayed(again.response), again.turnId]).toEqual(['true', two.turnId])
    await again.until('"position":1')
    const asJson = server.post('/api/v1/chat', queueing, keyed('two'))
    release('one')
    release('two')
    expect(shortly(await again.rest()).at(-1)).toBe('5 turn.completed')
    expect(await (await asJson).json()).toMatchObject({ content: 'two: half whole', turn_id: two.turnId })
  })

  it('gets its turn that is over, in both forms', async () => {
    const { server, over } = await startFull()
    const response = await server.post('/api/v1/chat', { message: 'over' }, keyed('over'))
    expect([response.status, isReplayed(response)]).toEqual([200, 'true'])
    const answer = await response.text()
    expect(JSON.parse(answer)).toMatchObject({ content: 'over: half whole', turn_id: over.turnId })
    const stream = await server.chat({ message: 'over' }, keyed('over'))
    expect(isReplayed(stream.response)).toBe('true')
    expect(await stream.rest()).toContain(`event: turn.completed\ndata: ${answer}\n`)
  })

  it('with another body is told that its key is used, and a new one to come again', async () => {
    const { server, one, asked } = await startFull()
    const reused = await server.post('/api/v1/chat', { message: 'other' }, keyed('one'))
    expect(await problemOf(reused, 'idempotency_key_reused')).toMatchObject({ turn_id: one.turnId })
    for (const init of [keyed('new'), {}]) {
      for (const stream of [false, true]) {
        const response = await server.post('/api/v1/chat', { message: 'new', stream }, init)
        expect(isReplayed(response)).toBeNull()
        expect((await problemOf(response, 'overloaded')).retry_after_seconds).toBeGreaterThan(0)
      }
    }
    expect(asked).not.toContain('new')
  })

  it('by another caller is a new one, and finds no place', async () => {
    const authenticate: Authenticate = ({ headers }) => ({ owner: headers.authorization ?? 'somebody' })
    const { server } = await startFull({ serve: { authenticate } })
    const headers = { Authorization: 'them', 'Idempotency-Key': 'one' }
    await problemOf(await server.post('/api/v1/chat', { message: 'one' }, { headers }), 'overloaded')
  })
})

describe('a request that is sent again while the server shuts down', () => {
  /** A server that shuts down, and is kept from it by a turn that is nothing to the test. */
  async function startClosing() {
    const { reply, ...chat } = heldChat()
    const { store, lookedUp } = watchedStore()
    const server = await startTurnServer(reply, { manager: { store } })
    chat.release('over')
    const over = await server.chat({ message: 'over' }, keyed('over'))
    await over.rest()
    const one = await server.chat({ message: 'one' }, keyed('one'))
    await one.until('half')
    const last = await server.chat({ message: 'last' }, keyed('last'))
    await last.until('half')
    return { ...chat, server, lookedUp, over, one, last, begin: () => server.close({ grace: 60_000 }) }
  }

  it.each(forms)('gets its turn that runs, as $form', async ({ stream, said }) => {
    const { server, lookedUp, one, release, asked, begin } = await startClosing()
    const closing = begin()
    const asking = askAnew(server, { message: 'one', stream }, 'one')
    await lookedUp
    release('one')
    const again = await asking
    expect([again.status, isReplayed(again), idsOf(again).turnId]).toEqual([200, 'true', one.turnId])
    expect(again.headers.get('connection')).toBe('close')
    expect(await again.text()).toBe(said(await one.rest()))
    release('last')
    await closing
    expect(asked).toEqual(['over', 'one', 'last'])
  })

  it.each(forms)('gets its turn that is over, as $form', async ({ stream }) => {
    const { server, over, release, begin } = await startClosing()
    const closing = begin()
    const again = await askAnew(server, { message: 'over', stream }, 'over')
    expect([again.status, isReplayed(again), idsOf(again).turnId]).toEqual([200, 'true', over.turnId])
    expect(await again.text()).toContain('"content":"over: half whole"')
    release('one')
    release('last')
    await closing
  })

  it('gets its turn on a connection that is still open, and the connection ends with that', async () => {
    const { server, lookedUp, release, begin } = await startClosing()
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    let received = ''
    const isOpen = Promise.withResolvers<void>()
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.setEncoding('utf8').on('data', (part: string) => {
      received += part
      if (received.includes('half')) isOpen.resolve()
    })
    socket.write(chatRequest({ message: 'one', stream: true }, 'one'))
    await isOpen.promise // its answer has begun, and did not say that it is the last one
    const closing = begin()
    socket.write(chatRequest({ message: 'over' }, 'over'))
    await lookedUp
    release('one')
    await closed
    const [, second = ''] = received.split('event: turn.completed')
    expect(second).toContain('HTTP/1.1 200 OK')
    expect(second).toMatch(/^Idempotency-Replayed: true\r$/m)
    expect(second).toMatch(/^Connection: close\r$/m)
    expect(second).toContain('"content":"over: half whole"')
    release('last')
    await closing
  })

  it('with another body is told that its key is used, and a new one that the server shuts down', async () => {
    const { server, one, release, asked, begin } = await startClosing()
    const closing = begin()
    const reused = await askAnew(server, { message: 'other' }, 'one')
    expect(await problemOf(reused, 'idempotency_key_reused')).toMatchObject({ turn_id: one.turnId })
    for (const name of ['new', null]) {
      for (const stream of [false, true]) {
        const response = await askAnew(server, { message: 'new', stream }, name)
        expect([isReplayed(response), response.headers.get('connection')]).toEqual([null, 'close'])
        expect((await problemOf(response, 'shutting_down')).retry_after_seconds).toBeGreaterThan(0)
      }
    }
    release('one')
    release('last')
    await closing
    expect(asked).not.toContain('new')
  })

  it('is told with the others when the turn is interrupted', async () => {
    const { reply } = heldChat()
    const { store, lookedUp } = watchedStore()
    const server = await startTurnServer(reply, { manager: { store, limits: { maxTurns: 1 } } })
    const one = await server.chat({ message: 'one' }, keyed('one'))
    await one.until('half')
    const asJson = askAnew(server, { message: 'one' }, 'one')
    await lookedUp
    const again = await server.chat({ message: 'one' }, keyed('one'))
    await again.until('half')
    await server.close({ grace: 0 })
    expect(shortly(await again.rest()).at(-1)).toBe('3 turn.interrupted shutdown')
    expect(await problemOf(await asJson, 'shutting_down')).toMatchObject({ content: 'one: half ' })
  })
})
