import { expect, it } from 'vitest'
import { sessionSchema } from './session-schema.js'

const session = {
  owner: '',
  sessionId: 'sess_1',
  createdAt: 1,
  ttlMs: 1,
  endsAt: null,
  metadata: {},
  chat: null,
  lastActiveAt: 1,
  state: null,
  messages: [],
  turns: [],
}
const faultsOf = (changes: object) =>
  sessionSchema.safeParse({ ...session, ...changes }).error?.issues.map(({ path, message }) => {
    return `/${path.join('/')}: ${message}`
  }) ?? []
const turnWith = (event: object) => ({
  turnId: 'turn_1',
  status: 'running',
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
  ended: null,
  metadata: {},
  functionsCalled: [],
  events: [{ seq: 1, ...event }],
  key: null,
})
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

it('a session may have any state that JSON can carry, up to 128 levels deep', () => {
  for (const state of [null, 0, '', false, [], {}, nested(128)]) expect(faultsOf({ state })).toEqual([])
  const fault = '/state: is missing, or nested deeper than 128 levels'
  expect(faultsOf({ state: nested(130) })).toEqual([fault])
  expect(faultsOf({ state: nested(100_000) })).toEqual([fault])
  expect(faultsOf({ state: undefined })).toEqual([fault])
})

it('a function returns a result, also null, or an error', () => {
  const returned = (what: object) =>
    faultsOf({ turns: [turnWith({ type: 'function.returned', callId: 'c', name: 'n', ...what })] })
  expect(returned({ result: null })).toEqual([])
  expect(returned({ error: '' })).toEqual([])
  const fault = ['/turns/0/events/0: needs a result or an error, and not both']
  expect(returned({})).toEqual(fault)
  expect(returned({ result: 1, error: '' })).toEqual(fault)
})

it.each([1e300, 8.64e15 + 1, -1])('a time is one that a date can have, and not %d', (time) => {
  const turn = { ...turnWith({ type: 'turn.started', sessionId: 'sess_1', turnId: 'turn_1' }) }
  for (const name of ['createdAt', 'endsAt', 'lastActiveAt'])
    expect(faultsOf({ [name]: time })).toEqual([expect.stringContaining(`/${name}: `)])
  for (const name of ['createdAt', 'startedAt', 'endedAt'])
    expect(faultsOf({ turns: [{ ...turn, [name]: time }] })).toEqual([
      expect.stringContaining(`/turns/0/${name}: `),
    ])
})

it('a session ends at a time that a date can have, however late it was active', () => {
  expect(faultsOf({ ttlMs: 1e300 })).toEqual([expect.stringContaining('/ttlMs: ')])
  expect(faultsOf({ ttlMs: 4.32e15, lastActiveAt: 4.32e15 })).toEqual([])
  expect(new Date(4.32e15 + 4.32e15).getTime()).toBe(8.64e15)
  expect(faultsOf({ ttlMs: 4.33e15 })).toEqual([expect.stringContaining('/ttlMs: ')])
  expect(faultsOf({ lastActiveAt: 4.33e15 })).toEqual([expect.stringContaining('/lastActiveAt: ')])
})

it.each([
  ['/: Unrecognized key: "more"', { more: 1 }],
  ['/sessionId: ', { sessionId: '' }],
  ['/createdAt: ', { createdAt: null }],
  ['/ttlMs: ', { ttlMs: -1 }],
  ['/metadata/a: ', { metadata: { a: 1 } }],
  ['/turns/0/events/0/type: ', { turns: [turnWith({ type: 'turn.paused' })] }],
  ['/turns/0/events/0/position: ', { turns: [turnWith({ type: 'turn.queued', position: 0 })] }],
  ['/turns/0/events: ', { turns: [{ ...turnWith({}), events: [] }] }],
])('what is wrong is told by its place: %s', (fault, changes) => {
  expect(faultsOf(changes)).toEqual([expect.stringContaining(fault)])
})
