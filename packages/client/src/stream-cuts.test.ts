import { expect, test } from 'vitest'
import { breakingFetch, bytesBehind, startBreakingServer } from '../test/broken-streams.js'
import { readAll } from '../test/read-all.js'
import { events, stream } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'
const length = bytesBehind(0).length

test.each(['end', 'fail'] as const)(
  'a stream that may %s at any byte, and inside any character, yields each event once and in order',
  async (how) => {
    for (let cut = 0; cut <= length; cut += 1) {
      const { fetch, requests } = breakingFetch((connection) => (connection === 0 ? cut : undefined), { how })
      const client = createClient({ baseUrl, fetch, ...recordWaits() })
      expect(await readAll(client.stream('Hello')), `cut at ${cut}`).toEqual(events)
      expect(requests.length, `cut at ${cut}`).toBe(cut === length ? 1 : 2)
    }
  },
)

test('a stream that is cut twice, at any two of many bytes, is whole', async () => {
  for (let first = 0; first < length; first += 29) {
    for (let second = 0; second < length; second += 31) {
      const { fetch } = breakingFetch((connection) => [first, second][connection])
      const client = createClient({ baseUrl, fetch, ...recordWaits() })
      expect(await readAll(client.stream('Hello')), `cut at ${first} and ${second}`).toEqual(events)
    }
  }
})

test('a socket may close at any byte', { timeout: 60_000 }, async () => {
  const { url, received } = await startBreakingServer((_, headers) =>
    headers.has('idempotency-key') ? Number(headers.get('x-cut')) : undefined,
  )
  const client = createClient({ baseUrl: url, ...recordWaits() })
  const read = async (cut: number) => {
    const all = await readAll(client.stream('Hello', { headers: { 'X-Cut': String(cut) } }))
    expect(all, `cut at ${cut}`).toEqual(events)
  }
  for (let from = 0; from < length; from += 16) {
    const cuts = Array.from({ length: Math.min(16, length - from) }, (_, index) => from + index)
    await Promise.all(cuts.map(read))
  }
  expect(received).toHaveLength(2 * length)
})

test('a stream that breaks after every event goes on, since each connection brings one', async () => {
  const { fetch, requests } = breakingFetch((connection) => {
    const bytes = new TextEncoder().encode(stream(events.slice(connection, connection + 1)))
    return connection === events.length - 1 ? undefined : bytes.length
  })
  const client = createClient({ baseUrl, fetch, maxReconnects: 1, ...recordWaits() })
  expect(await readAll(client.stream('Hello'))).toEqual(events)
  const places = requests.map(({ headers }) => headers.get('last-event-id'))
  expect(places).toEqual([null, '1', '2', '3', '4', '5', '6'])
})

test('two readers of one server, whose connections break at different places, see all the same', async () => {
  const { url } = await startBreakingServer((connection) => (connection < 12 ? 25 * connection : undefined))
  const client = createClient({ baseUrl: url, ...recordWaits() })
  const read = () => readAll(client.stream('Hello'))
  expect(await Promise.all([read(), read()])).toEqual([events, events])
})

test('two readers of one turn, one from the middle on, see all the same', async () => {
  const { url } = await startBreakingServer((connection) => (connection < 12 ? 25 * connection : undefined))
  const { turns } = createClient({ baseUrl: url, ...recordWaits() }).session('sess_1')
  const [whole, rest] = await Promise.all([
    readAll(turns.events('turn_1')),
    readAll(turns.events('turn_1', { after: 3 })),
  ])
  expect(whole).toEqual(events)
  expect(rest).toEqual(events.slice(3))
})
