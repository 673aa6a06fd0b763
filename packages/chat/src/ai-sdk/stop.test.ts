import type { ModelScript } from '@colloquy/model-server'
import { tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contextOf, modelOf } from './ask.fixture.js'
import { fromModel, type ModelOptions } from './index.js'
import { modelServers } from './start-server.fixture.js'

const startServer = modelServers()

/** A reply of a model that answers by hand, and what stops it. */
async function ask(script: ModelScript, options: ModelOptions = {}) {
  const server = await startServer(script)
  const stop = new AbortController()
  const chat = fromModel(modelOf(server), options)
  const reply = chat.reply('x', contextOf({ signal: stop.signal }))[Symbol.asyncIterator]()
  return { server, stop, reply, chat }
}

const done = { done: true, value: undefined }

describe('an answer that is stopped', () => {
  it('closes the request in mid-answer, and ends quietly', async () => {
    const { server, stop, reply } = await ask({ text: ['one', 'two', 'three'], byHand: true })
    const first = reply.next()
    const request = await server.request(0)
    request.letGo()
    expect((await first).value).toEqual({ type: 'text', text: 'one' })
    const next = reply.next()
    stop.abort()
    expect(await next).toEqual(done)
    expect(await request.closed).toMatchObject({ isWhole: false })
    expect(await reply.next()).toEqual(done)
  })

  it('has its socket closed within 100 ms, as the server sees it', async () => {
    let fastest = Number.POSITIVE_INFINITY
    // The machine may be busy with something else: what counts is that it can be done, and that each of them is closed.
    for (let tries = 0; tries < 5; tries += 1) {
      const { server, stop, reply } = await ask({ text: ['one'], breaks: 'hang' })
      await reply.next()
      const request = await server.request(0)
      const stoppedMs = performance.now()
      stop.abort()
      const { isWhole, atMs } = await request.closed
      expect(isWhole).toBe(false)
      fastest = Math.min(fastest, atMs - stoppedMs)
      await reply.return?.()
      await server.stop()
    }
    expect(fastest).toBeLessThan(100)
  })

  it('closes the request before the provider has answered at all', async () => {
    const { server, stop, reply } = await ask('silence')
    const first = reply.next()
    const request = await server.request(0)
    stop.abort(new Error('any reason'))
    expect(await first).toEqual(done)
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('asks nothing when it is stopped before it begins', async () => {
    const { server, stop, reply } = await ask({ text: 'x' })
    stop.abort()
    expect(await reply.next()).toEqual(done)
    expect(server.requests).toEqual([])
  })

  it('closes the request when its reader leaves between two chunks', async () => {
    const { server, reply } = await ask({ text: ['one', 'two'], byHand: true })
    const first = reply.next()
    const request = await server.request(0)
    request.letGo()
    await first
    await reply.return?.()
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('closes the request when its reader leaves while a chunk is awaited', async () => {
    const { server, reply } = await ask('silence')
    const first = reply.next()
    const request = await server.request(0)
    await reply.return?.()
    expect(await first).toEqual(done)
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('tells a function that runs, and does not wait for one that does not listen', async () => {
    const running = Promise.withResolvers<AbortSignal | undefined>()
    const endless = tool({
      inputSchema: z.object({}),
      execute: (_, { abortSignal }) => {
        running.resolve(abortSignal)
        return new Promise<string>(() => {})
      },
    })
    const { stop, reply } = await ask({ calls: [{ id: 'c', name: 'endless' }] }, { tools: { endless } })
    expect((await reply.next()).value).toMatchObject({ type: 'functionCall' })
    const next = reply.next()
    const signal = await running.promise
    expect(signal?.aborted).toBe(false)
    stop.abort()
    expect(await next).toEqual(done)
    expect(signal?.aborted).toBe(true)
  })

  it('is not taken for a failure when a function fails because of it', async () => {
    const running = Promise.withResolvers<void>()
    const listens = tool({
      inputSchema: z.object({}),
      execute: (_, { abortSignal }) =>
        new Promise<string>((_, reject) => {
          abortSignal?.addEventListener('abort', () => reject(new Error('stopped')))
          running.resolve()
        }),
    })
    const { stop, reply, server } = await ask({ calls: [{ name: 'listens' }] }, { tools: { listens } })
    await reply.next()
    const next = reply.next()
    await running.promise
    stop.abort()
    expect(await next).toEqual(done)
    expect(server.requests).toHaveLength(1)
  })

  it('can be stopped in any of its moments', async () => {
    const text = ['a', 'b', 'c']
    for (let pieces = 0; pieces <= text.length; pieces += 1) {
      const { server, stop, reply } = await ask({ text, byHand: true })
      const first = reply.next()
      const request = await server.request(0)
      request.letGo(pieces)
      await request.sent(pieces)
      stop.abort()
      await first
      await reply.return?.()
      expect(await request.closed).toMatchObject({ isWhole: false })
      await server.stop()
    }
  })

  it('closes the request of an answer that failed, where the provider would leave it open', async () => {
    const { server, reply } = await ask({ text: ['one'], breaks: 'error_and_hang' })
    expect((await reply.next()).value).toEqual({ type: 'text', text: 'one' })
    await expect(reply.next()).rejects.toMatchObject({ code: 'rate_limited' })
    expect(await (await server.request(0)).closed).toMatchObject({ isWhole: false })
  })

  it('leaves the next answer as it is', async () => {
    const { chat, stop, reply, server } = await ask([{ text: ['one'], breaks: 'hang' }, { text: 'fine' }])
    await reply.next()
    stop.abort()
    await reply.return?.()
    const next = chat.reply('y', contextOf())[Symbol.asyncIterator]()
    expect((await next.next()).value).toEqual({ type: 'text', text: 'fine' })
    await next.return?.()
    expect(server.requests).toHaveLength(2)
  })

  it('asks nothing when it is stopped while the system prompt is made', async () => {
    const made = Promise.withResolvers<string>()
    const { server, stop, reply } = await ask({ text: 'x' }, { system: () => made.promise })
    const first = reply.next()
    stop.abort()
    made.resolve('late')
    expect(await first).toEqual(done)
    expect(server.requests).toEqual([])
  })
})
