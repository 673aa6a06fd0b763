import { expect, it, vi } from 'vitest'
import { createChance } from './chance.fixture.js'
import { createDurableServer } from './durable-server.fixture.js'
import { byChance, isLongRun, seed, tell } from './long-run.fixture.js'
import type { Resources } from './paced-chat.fixture.js'
import { createPlainHttp, type PlainHttp } from './plain-http.fixture.js'
import { createStressUser, type DoneCounts } from './stress-user.fixture.js'

const users = isLongRun ? 1_000 : 200
const seconds = isLongRun ? 60 : 10
const mib = 1_048_576

it(
  `${users} sessions in ${seconds} seconds of everything at once leave nothing behind`,
  {
    timeout: isLongRun ? 300_000 : 120_000,
  },
  () =>
    byChance(async () => {
      const chance = createChance(seed)
      const server = await createDurableServer(['--max-turns', '10000'])
      await server.start()
      const crowd = async (name: string, count: number, ms: number) => {
        const done: DoneCounts = new Map()
        const http = createPlainHttp(server.port)
        const begun = performance.now()
        const isTimeToGo = () => performance.now() - begun > ms
        await Promise.all(
          Array.from({ length: count }, (_, index) =>
            createStressUser(`${name}${index}`, http, chance.split(), done).use(isTimeToGo),
          ),
        )
        http.close()
        return done
      }
      await crowd('early', users / 10, 1_000) // so that everything is loaded that has to be
      const before = await whenQuiet(server.port)
      await eventLoopLag(server.port) // it is measured from one time to the next
      const done = await crowd('late', users, seconds * 1_000)
      const lag = await eventLoopLag(server.port)
      const after = await whenQuiet(server.port, before)
      tell({ users, seconds, done: Object.fromEntries(done), before, after, lag })
      expect(await openTurns(server.port)).toEqual([])
      expect(after.active).toEqual(before.active)
      expect(after.open).toBeLessThanOrEqual(before.open)
      expect(after.rss - before.rss).toBeLessThan(512 * mib)
      expect(done.size).toBe(8)
      await server.end()
    }),
)

/**
 * What the server holds when nothing goes on any more, and nobody but the one who asks is connected: no more handles than
 * `before`.
 */
async function whenQuiet(port: number, before?: Resources): Promise<Resources> {
  const http = createPlainHttp(port)
  const quiet = await vi.waitFor(
    async () => {
      const answer = await http.ask('POST', '/api/v1/chat', { body: { message: 'resources' } })
      const { content, session_id } = answer.body as { content: string; session_id: string }
      await http.ask('DELETE', `/api/v1/sessions/${session_id}`)
      const resources = JSON.parse(content) as Resources
      expect(resources.active['TCPSocketWrap']).toBe(1)
      expect(resources.active).not.toHaveProperty('Timeout') // nor does a line of the log wait to be written
      expect(resources.active).toEqual(before?.active ?? resources.active)
      expect(resources.open).toBeLessThanOrEqual(before?.open ?? Infinity)
      const status = await http.ask('GET', '/api/v1/status')
      expect(status.body).toMatchObject({ turns: { running: 0, queued: 0 } })
      return resources
    },
    { timeout: 20_000, interval: 200 },
  )
  http.close()
  return quiet
}

/** How late the server's timers were while it worked, in seconds. */
async function eventLoopLag(port: number): Promise<Readonly<Record<string, number>>> {
  const http = createPlainHttp(port)
  const { body } = await http.ask('GET', '/metrics')
  http.close()
  const samples = String(body).matchAll(/^nodejs_eventloop_lag_(mean|p50|p99|max)_seconds (\S+)$/gm)
  return Object.fromEntries(Array.from(samples, ([, name, value]) => [name, Number(value)]))
}

/** The turns of all sessions that have not ended. */
async function openTurns(port: number): Promise<readonly unknown[]> {
  const http = createPlainHttp(port)
  const open: unknown[] = []
  let cursor = ''
  do {
    const { data, next_cursor: next } = await page<{ session_id: string; active_turn_id: string | null }>(
      http,
      `/api/v1/sessions?limit=200${cursor}`,
    )
    for (const { session_id, active_turn_id } of data) {
      if (active_turn_id !== null) open.push(active_turn_id)
      const turns = await page<{ ended_at: string | null }>(
        http,
        `/api/v1/sessions/${session_id}/turns?order=desc&limit=200`,
      )
      open.push(...turns.data.filter(({ ended_at }) => ended_at === null))
    }
    cursor = next === null ? '' : `&cursor=${encodeURIComponent(next)}`
  } while (cursor !== '')
  http.close()
  return open
}

interface Page<Item> {
  readonly data: readonly Item[]
  readonly next_cursor: string | null
}

async function page<Item>(http: PlainHttp, path: string): Promise<Page<Item>> {
  const { status, body } = await http.ask('GET', path)
  expect(status).toBe(200)
  return body as Page<Item>
}
