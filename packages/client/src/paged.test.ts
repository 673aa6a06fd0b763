import { expect, onTestFinished, test } from 'vitest'
import { answerInTurn, refuse } from '../test/answer-in-turn.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { problem } from '../test/recorded.js'
import { recordWaits } from '../test/recorded-waits.js'
import { createClient } from './index.js'

const baseUrl = 'http://localhost'

/** A `fetch` of a list of the numbers 1 to 5, two on a page; keeps what was asked. */
function server() {
  return answerInTurn(async (url) => {
    const from = Number(new URL(url).searchParams.get('cursor') ?? 1)
    const data = [from, from + 1].filter((number) => number <= 5)
    return Response.json({ data, next_cursor: from + 2 > 5 ? null : String(from + 2) })
  })
}

const lists = [
  ['sessions', (client) => client.sessions.list({ limit: 2 })],
  ['messages', (client) => client.session('sess_1').messages({ limit: 2, order: 'desc' })],
  ['turns', (client) => client.session('sess_1').turns.list({ limit: 2, order: 'desc' })],
] satisfies [string, (client: ReturnType<typeof createClient>) => AsyncIterable<unknown>][]

test.each(lists)('iterated, the list of %s is all that is on all pages', async (_, list) => {
  const { fetch, requests } = server()
  expect(await readAll<unknown>(list(createClient({ baseUrl, fetch })))).toEqual([1, 2, 3, 4, 5])
  const queries = requests.map(({ url }) => new URL(url).searchParams)
  expect(queries.map((query) => query.get('cursor'))).toEqual([null, '3', '5'])
  // What was asked of the first page is asked of the others.
  for (const name of ['limit', 'order']) expect(new Set(queries.map((query) => query.get(name))).size).toBe(1)
})

test('awaited, it is one page, and no other is asked for', async () => {
  const { fetch, requests } = server()
  const page = await createClient({ baseUrl, fetch }).sessions.list()
  expect(page).toEqual({ data: [1, 2], next_cursor: '3' })
  expect(requests).toHaveLength(1)
})

test('each page is asked for when it is reached, and not before', async () => {
  const { fetch, requests } = server()
  const asked: number[] = []
  for await (const _ of createClient({ baseUrl, fetch }).sessions.list()) asked.push(requests.length)
  expect(asked).toEqual([1, 1, 2, 2, 3])
})

test('leaving early asks for no further page', async () => {
  const { fetch, requests } = server()
  const seen: unknown[] = []
  for await (const item of createClient({ baseUrl, fetch }).sessions.list()) {
    seen.push(item)
    if (seen.length === 3) break
  }
  expect(seen).toEqual([1, 2, 3])
  expect(requests).toHaveLength(2)
})

test('it begins at a cursor', async () => {
  const { fetch } = server()
  const list = createClient({ baseUrl, fetch }).session('sess_1').messages({ cursor: '3' })
  expect(await readAll<unknown>(list)).toEqual([3, 4, 5])
})

test('it can be iterated twice, and awaited as well: the first page is asked for once', async () => {
  const { fetch, requests } = server()
  const list = createClient({ baseUrl, fetch }).sessions.list()
  const both = await Promise.all([readAll<unknown>(list), readAll<unknown>(list)])
  expect(both).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 3, 4, 5],
  ])
  expect(await list).toEqual({ data: [1, 2], next_cursor: '3' })
  expect(requests).toHaveLength(5)
})

test('an empty list has one page, of nothing', async () => {
  const fetch = async () => Response.json({ data: [], next_cursor: null })
  expect(await readAll(createClient({ baseUrl, fetch }).sessions.list())).toEqual([])
})

test('a page that is empty is not the last one while there is a cursor', async () => {
  const { fetch } = answerInTurn(
    async () => Response.json({ data: [], next_cursor: 'a' }),
    async () => Response.json({ data: [1], next_cursor: null }),
  )
  expect(await readAll<unknown>(createClient({ baseUrl, fetch }).sessions.list())).toEqual([1])
})

test('an error in the middle ends it, after the items before', async () => {
  const { fetch } = answerInTurn(
    async () => Response.json({ data: [1, 2], next_cursor: '3' }),
    async () => Response.json({ ...problem, code: 'invalid_cursor' }, { status: 400 }),
  )
  const seen: unknown[] = []
  const reading = async () => {
    for await (const item of createClient({ baseUrl, fetch }).sessions.list()) seen.push(item)
  }
  expect(await failureOf(reading())).toMatchObject({ name: 'BadRequestError', code: 'invalid_cursor' })
  expect(seen).toEqual([1, 2])
})

test('each page is tried again as every call is', async () => {
  const recorded = recordWaits()
  const { fetch } = answerInTurn(
    refuse,
    async () => Response.json({ data: [1], next_cursor: 'a' }),
    refuse,
    async () => Response.json({ data: [2], next_cursor: null }),
  )
  const client = createClient({ baseUrl, fetch, ...recorded })
  expect(await readAll<unknown>(client.sessions.list())).toEqual([1, 2])
  expect(recorded.waits).toEqual([500, 500])
})

test('its signal stops it between two pages, and while one is waited for', async () => {
  const stop = new AbortController()
  const { fetch, requests } = server()
  const seen: unknown[] = []
  const reading = async () => {
    for await (const item of createClient({ baseUrl, fetch }).sessions.list({ signal: stop.signal })) {
      seen.push(item)
      if (seen.length === 2) stop.abort(new Error('enough'))
    }
  }
  await expect(reading()).rejects.toMatchObject({ name: 'AbortError' })
  expect(seen).toEqual([1, 2])
  expect(requests).toHaveLength(1)
})

test('a page that is no page names what is wrong', async () => {
  const fetch = async () => Response.json({ data: {}, next_cursor: null })
  const failure = failureOf(readAll(createClient({ baseUrl, fetch }).sessions.list()))
  expect(await failure).toMatchObject({ detail: 'The answer has a wrong or missing "data".' })
})

test('a list that fails is told of once, to whoever iterates it', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('unhandledRejection', note)
  })
  const { fetch } = answerInTurn(refuse)
  const client = createClient({ baseUrl, fetch, ...recordWaits() })
  expect(await failureOf(readAll(client.sessions.list()))).toMatchObject({ code: 'network_error' })
  await new Promise((resolve) => setImmediate(resolve)) // unhandled rejections are told of after the microtasks
  expect(unhandled).toEqual([])
})
