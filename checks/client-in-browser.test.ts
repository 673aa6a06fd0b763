import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type * as colloquyClient from '@colloquy/client'
import { createApp } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, noChromium } from './chromium.ts'
import { root } from './read-workspace.ts'

describe.skipIf(noChromium !== null)(
  `the built client in Chromium${noChromium === null ? '' : ` (skipped: ${noChromium})`}`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launchChromium()
    })
    afterAll(() => browser.close())

    it('chats, streams, keeps a session, reads errors, and closes the connection of a stream that is left', async () => {
      const left = Promise.withResolvers<void>()
      const site = await startSite(() => left.resolve())
      const page = await browser.newPage()
      const faults: string[] = []
      page.on('pageerror', (error) => faults.push(String(error)))
      await page.goto(site.url)
      const seen = await page.evaluate(conversation)
      expect(seen).toEqual({
        first: 'You said: hello',
        sameSession: true,
        types: ['turn.started', 'text.delta', 'text.delta', 'text.delta', 'text.delta', 'turn.completed'],
        text: 'You said: grüße 🪑',
        messages: 4,
        error: { name: 'NotFoundError', code: 'session_not_found', status: 404, hasRequestId: true },
        health: 'healthy',
      })
      await left.promise
      expect(faults).toEqual([])
      await page.close()
      await site.close()
    })
  },
)

const html = `<!doctype html><link rel="icon" href="data:,"><title>chat</title><script type="module">
import { createClient } from '/client/index.js'
globalThis.createClient = createClient
</script>`

/** Runs in the page: it has no closure, and sees only what the browser has. */
async function conversation() {
  const { createClient } = globalThis as unknown as typeof colloquyClient
  const client = createClient({ baseUrl: '/' })
  const first = await client.send('hello')
  const types: string[] = []
  let text = ''
  for await (const event of client.stream({ message: 'grüße 🪑', session_id: first.session_id })) {
    types.push(event.type)
    if (event.type === 'text.delta') text += event.data.text
  }
  const session = await client.sessions.get(first.session_id)
  for await (const event of client.stream('wait')) if (event.type === 'turn.started') break
  const error = await client.sessions.get('sess_0').then(
    () => null,
    (thrown: { name: string; code: string; status: number; requestId?: string }) => thrown,
  )
  return {
    first: first.content,
    sameSession: session.session_id === first.session_id,
    types,
    text,
    messages: session.message_count,
    error: {
      name: error?.name,
      code: error?.code,
      status: error?.status,
      hasRequestId: error?.requestId !== undefined,
    },
    health: (await client.health()).status,
  }
}

/** A page, the built client beside it, and an echo bot: all of one origin. `onLeave` is told of answers that were left. */
async function startSite(onLeave: () => void) {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'echo',
      async *reply(message, { signal }) {
        yield* `You said: ${message}`.split(/(?<= )/)
        if (message === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    },
  })
  const app = createApp({ manager })
  const server = createServer((req, res) => {
    const path = req.url ?? '/'
    if (path === '/') {
      res.setHeader('Content-Type', 'text/html').end(html)
    } else if (path.startsWith('/client/')) {
      const file = join(root, 'packages/client/dist', path.slice('/client/'.length))
      res.setHeader('Content-Type', 'text/javascript')
      createReadStream(file).pipe(res)
    } else {
      res.once('close', () => res.writableFinished || onLeave())
      app(req, res)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      await manager.close()
      server.close()
      server.closeAllConnections()
    },
  }
}
