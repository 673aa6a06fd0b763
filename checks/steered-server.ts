import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '@colloquy/server'
import { type Chunk, createSessionManager, systemClock } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'

/** What a test tells the chat to yield next: a chunk, a text, of which `end` is the end, or an error to fail with. */
type Step = string | Chunk | Error

/** A real server over a chat that says what the test tells it to. */
export interface SteeredServer {
  readonly url: string
  /** Every message that the chat was asked, in order. */
  readonly asked: string[]
  /** Lets the answer to a message go on; one that no step was given for echoes the message. */
  steer(message: string, ...steps: readonly Step[]): void
  /** Moves the server's clock on, so that sessions expire. */
  pass(ms: number): void
  /** Cuts all connections and takes no new ones; turns go on. */
  hide(): Promise<void>
  /** Takes connections again, at the same address. */
  show(): Promise<void>
  close(): Promise<void>
}

/** Starts one. @param site answers what is not below `/api` */
export async function startSteeredServer(site?: RequestListener): Promise<SteeredServer> {
  const asked: string[] = []
  const scripts = new Map<string, { steps: Step[]; wake: () => void }>()
  const scriptOf = (message: string) => {
    const script = scripts.get(message) ?? { steps: [], wake: () => undefined }
    scripts.set(message, script)
    return script
  }
  let passed = 0
  const manager = createSessionManager({
    store: createMemoryStore(),
    clock: { ...systemClock, now: () => systemClock.now() + passed },
    chat: {
      name: 'steered',
      async *reply(message, { signal }) {
        asked.push(message)
        if (!message.startsWith('steer')) yield* `You said: ${message}`.split(/(?<= )/)
        else {
          const script = scriptOf(message)
          for (;;) {
            while (script.steps.length === 0) {
              const { promise, resolve } = Promise.withResolvers<void>()
              script.wake = resolve
              signal.addEventListener('abort', () => resolve())
              await promise
              if (signal.aborted) return
            }
            const step = script.steps.shift() ?? 'end'
            if (step === 'end') return
            if (step instanceof Error) throw step
            yield step
          }
        }
      },
    },
  })
  const app = createApp({ manager })
  const http = createServer((req, res) =>
    site === undefined || req.url?.startsWith('/api/') ? app(req, res) : site(req, res),
  )
  const show = async (port: number) => {
    http.listen(port, '127.0.0.1')
    await once(http, 'listening')
    return (http.address() as AddressInfo).port
  }
  const hide = async () => {
    const closed = once(http, 'close')
    http.close()
    http.closeAllConnections()
    await closed
  }
  const port = await show(0)
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    steer(message, ...steps) {
      const script = scriptOf(message)
      script.steps.push(...steps)
      script.wake()
    },
    pass(ms) {
      passed += ms
    },
    hide,
    show: async () => void (await show(port)),
    async close() {
      await manager.close()
      if (http.listening) await hide()
    },
  }
}
