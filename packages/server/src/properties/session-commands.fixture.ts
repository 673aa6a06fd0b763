import { messagePage, session, sessionPage } from '@colloquy/contract'
import type { ManualClock } from '@colloquy/session/testing'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { TestServer } from '../server.fixture.js'

type Metadata = ReadonlyMap<string, string>

/** What a session should be. */
interface SessionModel {
  metadata: Metadata
  ttlMs: number
  lastActiveAt: number
  readonly messages: string[]
}

/** What a server should hold: every session that was ever made, also those that are gone. */
export interface Model {
  readonly sessions: Map<string, SessionModel>
  now: number
}

/** What is held to the model. */
export interface Real {
  readonly server: TestServer
  readonly clock: ManualClock
}

type Command = fc.AsyncCommand<Model, Real>

const isAlive = ({ lastActiveAt, ttlMs }: SessionModel, { now }: Readonly<Model>) =>
  lastActiveAt + ttlMs > now

/** The session that a number means, of all that were ever made. */
function pick(model: Readonly<Model>, n: number): [string, SessionModel] {
  const all = [...model.sessions]
  return all[n % all.length] as [string, SessionModel]
}

interface Answer {
  readonly status: number
  readonly body: unknown
}

async function ask({ server }: Real, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers }),
  })
  return { status: response.status, body: response.status === 204 ? null : await response.json() }
}

/** Holds a session that was answered to the model. */
function checkSession(answer: unknown, id: string, model: SessionModel): void {
  const { metadata, ...found } = session.parse(answer)
  expect(found).toMatchObject({
    session_id: id,
    last_active_at: new Date(model.lastActiveAt).toISOString(),
    expires_at: new Date(model.lastActiveAt + model.ttlMs).toISOString(),
    ttl_seconds: model.ttlMs / 1_000,
    message_count: model.messages.length,
    active_turn_id: null,
  })
  expect(new Map(Object.entries(metadata))).toEqual(model.metadata)
}

function create(metadata: Metadata, ttl: number | undefined): Command {
  return {
    check: () => true,
    async run(model, real) {
      const { status, body } = await ask(real, 'POST', 'sessions', {
        metadata: Object.fromEntries(metadata),
        ...(ttl === undefined ? {} : { ttl_seconds: ttl }),
      })
      expect(status).toBe(201)
      const { session_id: id } = session.parse(body)
      const made = { metadata, ttlMs: (ttl ?? 1_800) * 1_000, lastActiveAt: model.now, messages: [] }
      model.sessions.set(id, made)
      checkSession(body, id, made)
    },
    toString: () => `create(${JSON.stringify([...metadata])}, ${ttl})`,
  }
}

/** What is known where something is done with a session that exists. */
interface Known {
  readonly id: string
  readonly expected: SessionModel
  readonly now: number
}

/** Something that is done with a session; whether that has expired or was deleted is never told apart. */
function onSession(
  n: number,
  name: string,
  act: (id: string, real: Real) => Promise<Answer>,
  compare: (answer: Answer, known: Known) => void,
): Command {
  return {
    check: ({ sessions }) => sessions.size > 0,
    async run(model, real) {
      const [id, expected] = pick(model, n)
      const answer = await act(id, real)
      if (isAlive(expected, model)) compare(answer, { id, expected, now: model.now })
      else expect(answer).toMatchObject({ status: 404, body: { code: 'session_not_found' } })
    },
    toString: () => `${name} of ${n}`,
  }
}

const get = (n: number) =>
  onSession(
    n,
    'get',
    (id, real) => ask(real, 'GET', `sessions/${id}`),
    ({ body }, { id, expected }) => checkSession(body, id, expected),
  )

const chat = (n: number, message: string) =>
  onSession(
    n,
    `chat ${JSON.stringify(message)}`,
    (id, real) => ask(real, 'POST', 'chat', { session_id: id, message }),
    ({ body }, { expected, now }) => {
      const content = `You said: ${message}`
      expect(body).toMatchObject({ content })
      expected.messages.push(message, content)
      expected.lastActiveAt = now
    },
  )

const patch = (n: number, change: ReadonlyMap<string, string | null>, ttl: number | undefined) =>
  onSession(
    n,
    `patch ${JSON.stringify([...change])}, ${ttl}`,
    (id, real) =>
      ask(real, 'PATCH', `sessions/${id}`, {
        metadata: Object.fromEntries(change),
        ...(ttl === undefined ? {} : { ttl_seconds: ttl }),
      }),
    (answer, { id, expected }) => {
      const merged = new Map(expected.metadata)
      for (const [key, value] of change) {
        if (value === null) merged.delete(key)
        else merged.set(key, value)
      }
      if (merged.size > 16) {
        expect(answer).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
        return
      }
      expected.metadata = merged
      if (ttl !== undefined) expected.ttlMs = ttl * 1_000
      checkSession(answer.body, id, expected)
    },
  )

const remove = (n: number) =>
  onSession(
    n,
    'delete',
    (id, real) => ask(real, 'DELETE', `sessions/${id}`),
    ({ status }, { expected }) => {
      expect(status).toBe(204)
      expected.ttlMs = Number.NEGATIVE_INFINITY
    },
  )

interface Page<Item> {
  readonly data: readonly Item[]
  readonly next_cursor: string | null
}

/** Reads every page of a list. */
async function readPages<Item>(
  real: Real,
  path: string,
  limit: number,
  parse: (body: unknown) => Page<Item>,
): Promise<Item[]> {
  const found: Item[] = []
  for (let cursor: string | null = null; ; ) {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
    const { body } = await ask(real, 'GET', `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`)
    const page = parse(body)
    found.push(...page.data)
    if (page.next_cursor === null) {
      expect(page.data.length).toBeLessThanOrEqual(limit)
      return found
    }
    expect(page.data).toHaveLength(limit)
    cursor = page.next_cursor
  }
}

function list(limit: number): Command {
  return {
    check: () => true,
    async run(model, real) {
      const found = await readPages(real, 'sessions', limit, (body) => sessionPage.parse(body))
      const ids = [...model.sessions]
        .filter(([, each]) => isAlive(each, model))
        .toSorted(([a, one], [b, other]) => other.lastActiveAt - one.lastActiveAt || (a < b ? -1 : 1))
        .map(([id]) => id)
      expect(found.map(({ session_id }) => session_id)).toEqual(ids)
      for (const each of found) {
        checkSession(each, each.session_id, model.sessions.get(each.session_id) as SessionModel)
      }
    },
    toString: () => `list ${limit} at a time`,
  }
}

function messages(n: number, limit: number, order: 'asc' | 'desc'): Command {
  return {
    check: (model) => model.sessions.size > 0 && isAlive(pick(model, n)[1], model),
    async run(model, real) {
      const [id, expected] = pick(model, n)
      const path = `sessions/${id}/messages?order=${order}`
      const found = await readPages(real, path, limit, (body) => messagePage.parse(body))
      const contents = found.map(({ content }) => content)
      expect(order === 'asc' ? contents : contents.toReversed()).toEqual(expected.messages)
    },
    toString: () => `messages of ${n}, ${limit} at a time, ${order}`,
  }
}

function wait(ms: number): Command {
  return {
    check: () => true,
    async run(model, { clock }) {
      await clock.advance(ms)
      model.now += ms
    },
    toString: () => `wait ${ms} ms`,
  }
}

const keys = fc.oneof(
  fc.constantFrom('a', 'b', '__proto__', 'constructor', 'toString', '0', '\u2028', '🪑', 'a/b'),
  fc.string({ minLength: 1, maxLength: 5, unit: 'grapheme' }),
)
const values = fc.string({ maxLength: 5, unit: 'grapheme' })
const pairs = <Value>(value: fc.Arbitrary<Value>) =>
  fc.array(fc.tuple(keys, value), { maxLength: 16, size: 'max' }).map((entries) => new Map(entries))
const ttl = fc.option(fc.constantFrom(1, 10, 60, 2_592_000), { nil: undefined })
const n = fc.nat(20)
const limit = fc.integer({ min: 1, max: 4 })
const text = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' })

/** Everything that is done with sessions, in any order. Each command holds what is answered to the model. */
export const sessionCommands = fc.commands<Model, Real, false>(
  [
    fc.tuple(pairs(values), ttl).map((args) => create(...args)),
    n.map(get),
    fc.tuple(n, text).map((args) => chat(...args)),
    fc.tuple(n, pairs(fc.option(values, { freq: 2 })), ttl).map((args) => patch(...args)),
    n.map(remove),
    limit.map(list),
    fc.tuple(n, limit, fc.constantFrom<'asc' | 'desc'>('asc', 'desc')).map((args) => messages(...args)),
    fc.constantFrom(0, 1, 500, 999, 1_000, 5_000, 10_000, 60_000).map(wait),
  ],
  { maxCommands: 40, size: 'max' },
)
