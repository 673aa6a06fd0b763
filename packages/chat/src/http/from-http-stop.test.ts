import { getEventListeners, once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { answerOf, contextOf, reading, textIn } from './asking.fixture.js'
import { fromHttp } from './index.js'
import {
  answerWith,
  beginStream,
  frame,
  type ServiceRequest,
  startService,
} from './running-service.fixture.js'

/** Resolves when the service sees that its client has gone. */
async function closed({ req }: ServiceRequest): Promise<void> {
  if (!req.socket.destroyed) await once(req.socket, 'close')
}

const hello = (request: ServiceRequest) => {
  beginStream(request)
  request.res.write(frame('text.delta', { text: 'a' }) + frame('text.delta', { text: 'b' }))
}

describe('a turn that is stopped', () => {
  it('before its first chunk was asked for is never sent', async () => {
    const service = await startService(answerWith('text/plain', 'Hi'))
    const chat = fromHttp({ url: service.url })
    const answer = reading(chat)
    answer.stop()
    await expect(answer.next()).rejects.toThrow('stopped by the test')
    expect(await answerOf(chat, 'Hello', { signal: AbortSignal.abort(new Error('before')) })).toMatchObject({
      chunks: [],
      error: { message: 'before' },
    })
    expect(service.requests).toEqual([])
  })

  it('while the service has not answered closes the connection', async () => {
    const service = await startService(() => {})
    const answer = reading(fromHttp({ url: service.url }))
    const first = answer.next()
    const request = await service.next()
    answer.stop()
    await expect(first).rejects.toThrow('stopped by the test')
    await closed(request)
    expect(await answer.next()).toEqual({ done: true, value: undefined })
  })

  it.each([
    ['application/json', '{"content":'],
    ['text/plain', ''],
    ['text/event-stream', ': so far\n\n'],
  ])('while an answer of %s is waited for closes the connection', async (type, half) => {
    const service = await startService(({ res }) => {
      res.writeHead(200, { 'Content-Type': type }).write(half)
      res.flushHeaders()
    })
    const answer = reading(fromHttp({ url: service.url }))
    const first = answer.next()
    const request = await service.next()
    answer.stop()
    await expect(first).rejects.toThrow('stopped by the test')
    await closed(request)
  })

  it('between two chunks closes the connection, also when nobody asks for more, and shows no more of them', async () => {
    const service = await startService(hello)
    const answer = reading(fromHttp({ url: service.url }))
    expect(await answer.next()).toMatchObject({ value: { text: 'a' } })
    answer.stop()
    await closed(await service.next())
    await expect(answer.next()).rejects.toThrow('stopped by the test')
    expect(await answer.leave()).toEqual({ done: true, value: undefined })
  })

  it('after its end is as before', async () => {
    const { url } = await startService(answerWith('text/plain', 'Hi'))
    const answer = reading(fromHttp({ url }))
    await answer.next()
    expect(await answer.next()).toMatchObject({ done: true })
    answer.stop()
    expect(await answer.leave()).toMatchObject({ done: true })
    expect(await answer.next()).toMatchObject({ done: true })
  })

  it('does not disturb the next turn', async () => {
    let turns = 0
    const service = await startService((request) => {
      turns += 1
      if (turns === 1) hello(request)
      else answerWith('text/plain', 'Hi')(request)
    })
    const chat = fromHttp({ url: service.url })
    const answer = reading(chat)
    await answer.next()
    answer.stop()
    await answer.leave()
    expect(textIn((await answerOf(chat)).chunks)).toBe('Hi')
  })

  it('leaves no listener on its signal, however it ended', async () => {
    const { url } = await startService(answerWith('text/plain', 'Hi'))
    const { signal } = new AbortController()
    const listeners = () => getEventListeners(signal, 'abort').length
    const chat = fromHttp({ url })
    await answerOf(chat, 'Hello', { signal })
    expect(listeners()).toBe(0)
    const iterator = chat.reply('Hello', contextOf({ signal }))[Symbol.asyncIterator]()
    await iterator.next()
    expect(listeners()).toBe(1)
    await iterator.return?.()
    expect(listeners()).toBe(0)
  })
})

describe('a reader that leaves', () => {
  it('before its first chunk sends nothing', async () => {
    const service = await startService(answerWith('text/plain', 'Hi'))
    const answer = reading(fromHttp({ url: service.url }))
    expect(await answer.leave()).toMatchObject({ done: true })
    expect(await answer.next()).toMatchObject({ done: true })
    expect(service.requests).toEqual([])
  })

  it('while it waits for a chunk closes the connection, and is not told of an error', async () => {
    const service = await startService(() => {})
    const answer = reading(fromHttp({ url: service.url }))
    const first = answer.next()
    const request = await service.next()
    expect(await answer.leave()).toMatchObject({ done: true })
    expect(await first).toEqual({ done: true, value: undefined })
    await closed(request)
  })

  it('between two chunks closes the connection', async () => {
    const service = await startService(hello)
    const chat = fromHttp({ url: service.url })
    for await (const chunk of chat.reply('Hello', contextOf())) {
      expect(chunk).toMatchObject({ text: 'a' })
      break
    }
    await closed(await service.next())
  })
})

describe('the chat interface, when it stops', () => {
  it('closes the connections of turns that were abandoned, and does no harm twice', async () => {
    const service = await startService(hello)
    const chat = fromHttp({ url: service.url })
    const standing = reading(chat)
    await standing.next()
    const waiting = reading(chat)
    await waiting.next()
    await waiting.next()
    const third = waiting.next().catch((error: unknown) => error)
    const requests = [await service.next(), await service.next()]
    await chat.stop?.()
    await chat.stop?.()
    await Promise.all(requests.map(closed))
    expect(await third).toMatchObject({ message: 'The chat interface was stopped.' })
  })

  it('gives up asking for the health', async () => {
    const service = await startService(() => {})
    const chat = fromHttp({ url: service.url, healthUrl: service.url })
    const health = chat.health?.()
    const request = await service.next()
    await chat.stop?.()
    await closed(request)
    expect(await health).toMatchObject({ service: { status: 'unhealthy' } })
  })
})

describe('a slow reader', () => {
  it('is sent no more than fits on the way: the service waits', async () => {
    const piece = frame('text.delta', { text: 'x'.repeat(65_536) })
    const total = 2_000 // 128 MB
    let written = 0
    async function* pieces() {
      for (; written < total; written += 1) yield piece
      yield frame('done', {})
    }
    const service = await startService(async (request) => {
      beginStream(request)
      await pipeline(pieces, request.res)
    })
    const other = await startService(answerWith('text/plain', 'Hi'))
    const answer = reading(fromHttp({ url: service.url }))
    await answer.next()
    // Enough for a service that is not held up to say all: a hundred rounds through the same event loop.
    for (let round = 0; round < 100; round += 1) await answerOf(fromHttp({ url: other.url }))
    expect(written).toBeLessThan(total / 4)
    let chunks = 1
    while ((await answer.next()).done !== true) chunks += 1
    expect(chunks).toBe(total)
  })
})
