import { once } from 'node:events'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { bytesBehind } from '../test/broken-streams.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { events, frame, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { lastEventId, rawStreamHead, startRawServer } from '../test/start-raw-server.js'
import { steeredBody } from '../test/steered-body.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'

describe('over a real connection', () => {
  test.each([0, 3])(
    'a stream that is silent after %i events is left, and taken up again behind them',
    async (count) => {
      const closed: Promise<unknown>[] = []
      const { url, heads } = await startRawServer((socket, head, request) => {
        socket.write(rawStreamHead)
        if (request === 0) socket.write(stream(events.slice(0, count)))
        else socket.end(bytesBehind(lastEventId(head)))
        closed.push(once(socket, 'close'))
      })
      const client = createClient({ baseUrl: url, idleTimeout: 50, ...recordWaits() })
      expect(await readAll(client.stream('Hello'))).toEqual(events)
      expect(heads.map((head) => head.split(' ', 1)[0])).toEqual(['POST', 'GET'])
      expect(lastEventId(heads[1] ?? '')).toBe(count)
      await Promise.all(closed)
    },
  )

  test('half an event, and then silence, is no event', async () => {
    const { url, heads } = await startRawServer((socket, head, request) => {
      socket.write(rawStreamHead)
      if (request === 0) socket.write(stream(events.slice(0, 2)).slice(0, -1))
      else socket.end(bytesBehind(lastEventId(head)))
    })
    const client = createClient({ baseUrl: url, idleTimeout: 50, ...recordWaits() })
    expect(await readAll(client.stream('Hello'))).toEqual(events)
    expect(lastEventId(heads[1] ?? '')).toBe(1)
  })

  test('a server that is always silent is given up, and no connection is left', async () => {
    const closed: Promise<unknown>[] = []
    const { url } = await startRawServer((socket) => {
      closed.push(once(socket, 'close'))
      socket.write(rawStreamHead)
    })
    const client = createClient({ baseUrl: url, idleTimeout: 20, maxReconnects: 2, ...recordWaits() })
    expect(await failureOf(readAll(client.stream('Hello')))).toMatchObject({
      name: 'ConnectionError',
      code: 'network_error',
      lastEventId: 0,
    })
    expect(closed).toHaveLength(3)
    await Promise.all(closed)
  })

  test('the events of a turn that are read again are given up as well', async () => {
    const { url, heads } = await startRawServer((socket, head, request) => {
      socket.write(rawStreamHead)
      if (request > 0) socket.end(bytesBehind(lastEventId(head)))
    })
    const client = createClient({ baseUrl: url, idleTimeout: 50, ...recordWaits() })
    expect(await readAll(client.session('sess_1').turns.events('turn_1', { after: 2 }))).toEqual(
      events.slice(2),
    )
    expect(heads.map(lastEventId)).toEqual([2, 2])
  })
})

describe('by the clock', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    return () => vi.useRealTimers()
  })

  /** Reads the first event of a stream, and begins to wait for the second. */
  async function begin(options: object = {}) {
    const body = steeredBody()
    const client = createClient({ baseUrl, fetch: body.fetch, maxReconnects: 0, ...options })
    const reader = client.stream('Hello')[Symbol.asyncIterator]()
    await body.write(stream(events.slice(0, 1)))
    expect((await reader.next()).value).toEqual(events[0])
    return { body, reader }
  }

  /** Lets all that waits for no timer happen. */
  const settle = () => vi.advanceTimersByTimeAsync(0)

  test('without another word, 45 seconds of silence are too many', async () => {
    const { body, reader } = await begin()
    const failure = failureOf(reader.next())
    await vi.advanceTimersByTimeAsync(44_999)
    expect(body.isLeft()).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await failure).toMatchObject({ code: 'network_error', lastEventId: 1 })
    expect(body.isLeft()).toBe(true)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a keep-alive, or a single byte, is no silence', async () => {
    const { body, reader } = await begin()
    const next = reader.next()
    for (const bytes of [': keep-alive\n\n', ':', '\n', ...Array.from(stream(events.slice(1, 2)))]) {
      await vi.advanceTimersByTimeAsync(44_999)
      await body.write(bytes)
      await settle()
    }
    expect((await next).value).toEqual(events[1])
    await reader.return?.()
  })

  test('a reader that takes its time is no silence', async () => {
    const { body, reader } = await begin()
    await body.write(events.slice(1).map(frame).join(''))
    await vi.advanceTimersByTimeAsync(1_000_000_000)
    expect(vi.getTimerCount()).toBe(0)
    expect(body.isLeft()).toBe(false)
    expect((await reader.next()).value).toEqual(events[1])
    await reader.return?.()
  })

  test('how long it is can be chosen', async () => {
    const { reader } = await begin({ idleTimeout: 1_000 })
    const failure = failureOf(reader.next())
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await failure).toMatchObject({ code: 'network_error' })
  })

  test('an infinite one never ends', async () => {
    const { body, reader } = await begin({ idleTimeout: Infinity })
    const next = reader.next()
    await vi.advanceTimersByTimeAsync(2 ** 31 - 2)
    expect(body.isLeft()).toBe(false)
    await body.write(events.slice(1, 2).map(frame).join(''))
    expect((await next).value).toEqual(events[1])
    await reader.return?.()
  })

  test.each([-1, Number.NaN])('one of %d ms is refused', (idleTimeout) => {
    expect(() => createClient({ baseUrl, idleTimeout })).toThrow(RangeError)
  })

  test('nothing is left of a stream that was read, left or stopped', async () => {
    const read = await begin()
    await read.body.write(events.slice(1).map(frame).join(''))
    const rest = readAll({ [Symbol.asyncIterator]: () => read.reader })
    await vi.advanceTimersByTimeAsync(100)
    expect(await rest).toEqual(events.slice(1))
    const left = await begin()
    await left.reader.return?.()
    const stop = new AbortController()
    const stopped = steeredBody()
    const reading = readAll(
      createClient({ baseUrl, fetch: stopped.fetch }).stream('Hello', { signal: stop.signal }),
    )
    stop.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await settle()
    expect(vi.getTimerCount()).toBe(0)
  })
})
