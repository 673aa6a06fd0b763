import { messagePage, session, sessionPage } from '@colloquy/contract'
import type { ManualClock } from '@colloquy/session/testing'
import * as fc from 'fast-check'
import { expect } from 'vitest'
import type { TestServer } from './server.fixture.js'

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

const isAlive = ({ lastActiveAt, ttlMs }: SessionModel, { now }: Model) => lastActiveAt + ttlMs > now

/** The session that a number means, of all that were ever made. */
function pick(model: Model, n: number): [string, SessionModel] {
  const all = [...model.sessions]
  return all[n % all.length] as [string, SessionModel]
}

async function ask({ server }: Real, method: string, path: string, body?: object) {
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
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

/** Something that is done with a session that exists, has expired, or was deleted: the latter two are never told apart. */
abstract class OnSession implements Command {
  readonly n: number
  constructor(n: number) {
    this.n = n
  }
  check(model: Readonly<Model>): boolean {
    return model.sessions.size > 0
  }
  async run(model: Model, real: Real): Promise<void> {
    const [id, expected] = pick(model, this.n)
    const { status, body } = await this.act(id, real)
    if (isAlive(expected, model)) this.compare({ status, body }, { id, expected, model })
    else expect([status, body]).toMatchObject([404, { code: 'session_not_found' }])
  }
  protected abstract act(id: string, real: Real): Promise<{ status: number; body: unknown }>
  protected abstract compare(
    answer: { readonly status: number; readonly body: unknown },
    known: { readonly id: string; readonly expected: SessionModel; readonly model: Model },
  ): void
}

type Answer = Parameters<OnSession['compare']>[0]
type Known = Parameters<OnSession['compare']>[1]

class Create implements Command {
  readonly metadata: Metadata
  readonly ttl: number | undefined
  constructor(metadata: Metadata, ttl: number | undefined) {
    this.metadata = metadata
    this.ttl = ttl
  }
  check = () => true
  async run(model: Model, real: Real): Promise<void> {
    const { status, body } = await ask(real, 'POST', 'sessions', {
      metadata: Object.fromEntries(this.metadata),
      ...(this.ttl === undefined ? {} : { ttl_seconds: this.ttl }),
    })
    expect(status).toBe(201)
    const { session_id: id } = session.parse(body)
    const made = {
      metadata: this.metadata,
      ttlMs: (this.ttl ?? 1_800) * 1_000,
      lastActiveAt: model.now,
      messages: [],
    }
    model.sessions.set(id, made)
    checkSession(body, id, made)
  }
  toString = () => `create(${JSON.stringify([...this.metadata])}, ${this.ttl})`
}

class Get extends OnSession {
  act(id: string, real: Real) {
    return ask(real, 'GET', `sessions/${id}`)
  }
  compare({ body }: Answer, { id, expected }: Known): void {
    checkSession(body, id, expected)
  }
  override toString = () => `get(${this.n})`
}

class Chat extends OnSession {
  readonly message: string
  constructor(n: number, message: string) {
    super(n)
    this.message = message
  }
  act(id: string, real: Real) {
    return ask(real, 'POST', 'chat', { session_id: id, message: this.message })
  }
  compare({ body }: Answer, { expected, model }: Known): void {
    const content = `You said: ${this.message}`
    expect(body).toMatchObject({ content })
    expected.messages.push(this.message, content)
    expected.lastActiveAt = model.now
  }
  override toString = () => `chat(${this.n}, ${JSON.stringify(this.message)})`
}

class Patch extends OnSession {
  readonly change: ReadonlyMap<string, string | null>
  readonly ttl: number | undefined
  constructor(n: number, change: ReadonlyMap<string, string | null>, ttl: number | undefined) {
    super(n)
    this.change = change
    this.ttl = ttl
  }
  act(id: string, real: Real) {
    return ask(real, 'PATCH', `sessions/${id}`, {
      metadata: Object.fromEntries(this.change),
      ...(this.ttl === undefined ? {} : { ttl_seconds: this.ttl }),
    })
  }
  compare({ status, body }: Answer, { id, expected }: Known): void {
    const merged = new Map(expected.metadata)
    for (const [key, value] of this.change) {
      if (value === null) merged.delete(key)
      else merged.set(key, value)
    }
    if (merged.size > 16) {
      expect([status, body]).toMatchObject([422, { code: 'validation_failed' }])
      return
    }
    expected.metadata = merged
    if (this.ttl !== undefined) expected.ttlMs = this.ttl * 1_000
    checkSession(body, id, expected)
  }
  override toString = () => `patch(${this.n}, ${JSON.stringify([...this.change])}, ${this.ttl})`
}

class Delete extends OnSession {
  act(id: string, real: Real) {
    return ask(real, 'DELETE', `sessions/${id}`)
  }
  compare({ status }: Answer, { expected }: Known): void {
    expect(status).toBe(204)
    expected.ttlMs = Number.NEGATIVE_INFINITY
  }
  override toString = () => `delete(${this.n})`
}

/** Reads every page of a list. */
async function readPages<Item>(
  real: Real,
  { path, limit, parse }: { path: string; limit: number; parse: (body: unknown) => Page<Item> },
): Promise<Item[]> {
  const found: Item[] = []
  for (let cursor: string | null = null; ; ) {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor === null ? {} : { cursor }) })
    const { body } = await ask(real, 'GET', `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`)
    const page = parse(body)
    expect(page.data.length).toBeLessThanOrEqual(limit)
    found.push(...page.data)
    if (page.next_cursor === null) return found
    expect(page.data).toHaveLength(limit)
    cursor = page.next_cursor
  }
}

interface Page<Item> {
  readonly data: readonly Item[]
  readonly next_cursor: string | null
}

class List implements Command {
  readonly limit: number
  constructor(limit: number) {
    this.limit = limit
  }
  check = () => true
  async run(model: Model, real: Real): Promise<void> {
    const found = await readPages(real, { path: 'sessions', limit: this.limit, parse: sessionPage.parse })
    const alive = [...model.sessions].filter(([, each]) => isAlive(each, model))
    const ids = alive
      .toSorted(([a, one], [b, other]) => other.lastActiveAt - one.lastActiveAt || (a < b ? -1 : 1))
      .map(([id]) => id)
    expect(found.map(({ session_id }) => session_id)).toEqual(ids)
    for (const each of found) {
      const expected = model.sessions.get(each.session_id)
      if (expected !== undefined) checkSession(each, each.session_id, expected)
    }
  }
  toString = () => `list(${this.limit})`
}

class Messages implements Command {
  readonly n: number
  readonly limit: number
  readonly order: 'asc' | 'desc'
  constructor(n: number, limit: number, order: 'asc' | 'desc') {
    this.n = n
    this.limit = limit
    this.order = order
  }
  check(model: Readonly<Model>): boolean {
    return model.sessions.size > 0 && isAlive(pick(model, this.n)[1], model)
  }
  async run(model: Model, real: Real): Promise<void> {
    const [id, { messages }] = pick(model, this.n)
    const found = await readPages(real, {
      path: `sessions/${id}/messages?order=${this.order}`,
      limit: this.limit,
      parse: messagePage.parse,
    })
    const contents = found.map(({ content }) => content)
    expect(this.order === 'asc' ? contents : contents.toReversed()).toEqual(messages)
  }
  toString = () => `messages(${this.n}, ${this.limit}, ${this.order})`
}

class Wait implements Command {
  readonly ms: number
  constructor(ms: number) {
    this.ms = ms
  }
  check = () => true
  async run(model: Model, { clock }: Real): Promise<void> {
    await clock.advance(this.ms)
    model.now += this.ms
  }
  toString = () => `wait(${this.ms})`
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

/** Everything that is done with sessions, in any order. Each command holds what is answered to the model. */
export const sessionCommands = fc.commands<Model, Real, false>(
  [
    fc.tuple(pairs(values), ttl).map((args) => new Create(...args)),
    n.map((number) => new Get(number)),
    fc
      .tuple(n, fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }))
      .map((args) => new Chat(...args)),
    fc.tuple(n, pairs(fc.option(values, { freq: 2 })), ttl).map((args) => new Patch(...args)),
    n.map((number) => new Delete(number)),
    limit.map((size) => new List(size)),
    fc.tuple(n, limit, fc.constantFrom<'asc' | 'desc'>('asc', 'desc')).map((args) => new Messages(...args)),
    fc.constantFrom(0, 1, 500, 999, 1_000, 5_000, 10_000, 60_000).map((ms) => new Wait(ms)),
  ],
  { maxCommands: 40, size: 'max' },
)
