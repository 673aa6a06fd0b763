import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type * as colloquyClient from '@colloquy/client'
import { createClient } from '@colloquy/client'
import { createApp } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Cut, startCuttingProxy } from '../apps/server/src/cutting-proxy.fixture.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'
import { builtClient } from './read-workspace.ts'

/** After so many bytes of its answer each connection is cut. */
const cutAfter = 2_048

/** The answer: 100 KiB of numbered words, so that what is missing, twice, or elsewhere shows. */
const words = Array.from({ length: 10_240 }, (_, index) => `${String(index).padStart(6, '0')} 🪑`.slice(0, 9))
const answer = words.join(' ')

/** A server that gives the answer in some hundred events, and a proxy before it that cuts each connection. */
async function start(how: Cut['how']) {
  let asked = 0
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'counter',
      async *reply() {
        asked += 1
        for (let from = 0; from < answer.length; from += 250) {
          yield answer.slice(from, from + 250)
          await new Promise((resolve) => setImmediate(resolve)) // so that pieces are events of their own
        }
      },
    },
  })
  const server = createServer(createApp({ manager })).listen(0, '127.0.0.1')
  server.maxRequestsPerSocket = 1 // so that a connection has one answer
  await once(server, 'listening')
  onTestFinished(async () => {
    await manager.close()
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const proxy = await startCuttingProxy(port, () => ({ direction: 'answer', bytes: cutAfter, how }))
  return { proxy, asked: () => asked }
}

/** What to read, and from where. */
interface Question {
  readonly baseUrl: string
  readonly message: string
}

/** Reads the answer by a client, to its end or to what goes wrong. It also runs in the page: it has no closure. */
async function readAnswer({ baseUrl, message }: Question) {
  const { createClient } = globalThis as unknown as typeof colloquyClient
  // A browser drops what it has not handed on when a connection breaks, so that many bring nothing.
  const client = createClient({ baseUrl, maxReconnects: 40, wait: async () => {} })
  const seqs: number[] = []
  let text = ''
  let last = ''
  let content = ''
  try {
    for await (const event of client.stream(message)) {
      seqs.push(event.seq)
      if (event.type === 'text.delta') text += event.data.text
      last = event.type
      if (event.type === 'turn.completed') content = event.data.content
    }
  } catch (error) {
    const { name, lastEventId } = error as InstanceType<typeof colloquyClient.ColloquyError>
    return { seqs, text, last, content, failure: { name, lastEventId } }
  }
  return { seqs, text, last, content }
}

type Read = Awaited<ReturnType<typeof readAnswer>>

/** Holds what was read to what was said. */
function expectWhole({ seqs, text }: Read) {
  expect(text.length).toBeGreaterThan(100_000)
  expect(text === answer).toBe(true) // a difference of 100 KB is nothing to look at
  expect(seqs.length).toBeGreaterThan(100)
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
}

const script = `import { createClient } from '/client.js'; globalThis.createClient = createClient`

/** Where it is read, and how the same is read there. */
const places = [
  {
    place: 'Node',
    missing: null,
    read: async (question: Question) => {
      Object.assign(globalThis, { createClient })
      return readAnswer(question)
    },
  },
  {
    place: 'Chromium',
    missing: noChromium,
    read: async (question: Question): Promise<Read> =>
      (await openPage(question.baseUrl, script, { '/client.js': builtClient })).evaluate(
        readAnswer,
        question,
      ),
  },
]

describe.each(['FIN', 'RST'] as const)('every connection is cut after 2 KiB, by a %s', (how) => {
  for (const { place, missing, read } of places) {
    const where = missing === null ? place : `${place} (skipped: ${missing})`
    it.skipIf(missing !== null)(
      `an answer of 100 KB is whole, in order, and without a duplicate, in ${where}`,
      async () => {
        const { proxy, asked } = await start(how)
        const answered = await read({ baseUrl: proxy.url, message: 'Go on' })
        expectWhole(answered)
        expect(answered.last).toBe('turn.completed')
        expect(answered.content === answer).toBe(true)
        expect(answered).not.toHaveProperty('failure')
        expect(proxy.cuts()).toBeGreaterThan(50)
        expect(asked()).toBe(1)
      },
    )
  }
})
