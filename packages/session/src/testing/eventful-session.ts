import type { FunctionCall } from '../chat-interface.js'
import type { SessionExport } from '../session-export.js'
import type { NewMessage, SessionStore, TurnKey } from '../session-store.js'
import type { TurnEventBody } from '../turn-event.js'
import {
  completeTurn,
  completion,
  delta,
  lease,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  stop,
  ttlMs,
} from './store-fixture.js'

const sessionId = 'sess_1'
const [one, two, three, four] = ['turn_1', 'turn_2', 'turn_3', 'turn_4'].map((id) => ref(sessionId, id)) as [
  ReturnType<typeof ref>,
  ReturnType<typeof ref>,
  ReturnType<typeof ref>,
  ReturnType<typeof ref>,
]

const day = 86_400_000
const made = {
  metadata: { 'half\ud800': 'line\u2028end', empty: '' },
  chat: 'help\ud800',
  endsAt: start + 10 * ttlMs,
}
const asked = ['first \ud800 \u2028', 'second', 'third', 'fourth'] as const
const state = { basket: ['chair'], '': [] }

/** What the requests of the first three turns are known by; the third one's key stands for five milliseconds. */
export const eventfulKeys = ['one', 'two', 'three'].map(
  (key): TurnKey => ({
    key,
    fingerprint: `${key} said`,
    until: key === 'three' ? start + 5 : start + day,
  }),
) as [TurnKey, TurnKey, TurnKey]

const called: readonly TurnEventBody[] = [
  { type: 'function.called', callId: 'call_1', name: 'look', arguments: { deep: [1, null, { a: -0.5 }] } },
  { type: 'function.returned', callId: 'call_1', name: 'look', error: 'no' },
  { type: 'data', name: 'note', data: null },
]
const functionsCalled: readonly FunctionCall[] = [
  { callId: 'call_1', name: 'look', arguments: { deep: [1, null, { a: -0.5 }] }, error: 'no' },
]

function answer(turn: ReturnType<typeof ref>, content: string, createdAt: number): NewMessage {
  const { turnId } = turn
  const whole = { messageId: `msg_assistant_${turnId}`, turnId, role: 'assistant', content } as const
  return { ...whole, functionsCalled, status: turn === one ? 'complete' : 'partial', createdAt }
}

/**
 * Makes a session in which much has happened. Its turns have all ended, at `start + 6` the last one: one was answered,
 * with functions called; one was cancelled while it waited, before the first one ended; one has waited and failed in the
 * middle of its answer, and one before it.
 */
export async function makeEventful(store: SessionStore): Promise<void> {
  const [keyOne, keyTwo, keyThree] = eventfulKeys
  const queue = { onBusy: { kind: 'queue', limit: 5 } } as const
  await store.createSession(newSession(sessionId, made), roomy)
  await store.acceptTurn(request(one, asked[0], { key: keyOne, metadata: { of: 'one' } }))
  await store.acceptTurn(request(two, asked[1], { ...queue, key: keyTwo }))
  await store.acceptTurn(request(three, asked[2], { ...queue, key: keyThree }))
  await stop(store, two, 'cancelled', '', { from: 2, at: start + 1 })
  await store.writeTurns([{ ref: one, events: numbered(2, ...called) }])
  const message = answer(one, 'the first answer', start + 2.25)
  await completeTurn(store, one, 'the first answer', {
    from: 5,
    at: start + 2.25,
    end: { functionsCalled, state, message },
  })
  await store.startTurn(three, { lease, historyLimit: 0, now: start + 3 })
  await stop(store, three, 'failed', 'as far as', { from: 3, at: start + 4, functionsCalled })
  await store.acceptTurn(request(four, asked[3], { now: start + 5 }))
  await stop(store, four, 'failed', '', { at: start + 6 })
}

const question = (turn: ReturnType<typeof ref>, n: 0 | 1 | 2 | 3, now = start) =>
  request(turn, asked[n], { now }).message
const began = (turn: ReturnType<typeof ref>): TurnEventBody => ({ type: 'turn.started', ...turn })
const failed = (content: string): TurnEventBody => ({ type: 'turn.failed', code: 'chat_failed', content })

/** What that session is, as it is carried. */
export const eventful: SessionExport = {
  ...newSession(sessionId, made),
  lastActiveAt: start + 6,
  state,
  messages: [
    question(one, 0),
    question(two, 1),
    question(three, 2),
    answer(one, 'the first answer', start + 2.25),
    answer(three, 'as far as', start + 4),
    question(four, 3, start + 5),
  ],
  turns: [
    {
      turnId: 'turn_1',
      status: 'completed',
      createdAt: start,
      startedAt: start,
      endedAt: start + 2.25,
      ended: 2,
      metadata: { of: 'one' },
      functionsCalled,
      events: numbered(
        1,
        began(one),
        ...called,
        delta('the first answer'),
        completion(one, 'the first answer', start + 2.25).event,
      ),
      key: eventfulKeys[0],
    },
    {
      turnId: 'turn_2',
      status: 'cancelled',
      createdAt: start,
      startedAt: null,
      endedAt: start + 1,
      ended: 1,
      metadata: {},
      functionsCalled: [],
      events: numbered(
        1,
        { type: 'turn.queued', position: 1 },
        { type: 'turn.cancelled', reason: 'client_request', content: '' },
      ),
      key: eventfulKeys[1],
    },
    {
      turnId: 'turn_3',
      status: 'failed',
      createdAt: start,
      startedAt: start + 3,
      endedAt: start + 4,
      ended: 3,
      metadata: {},
      functionsCalled,
      events: numbered(
        1,
        { type: 'turn.queued', position: 2 },
        began(three),
        delta('as far as'),
        failed('as far as'),
      ),
      key: eventfulKeys[2],
    },
    {
      turnId: 'turn_4',
      status: 'failed',
      createdAt: start + 5,
      startedAt: start + 5,
      endedAt: start + 6,
      ended: 4,
      metadata: {},
      functionsCalled: [],
      events: numbered(1, began(four), failed('')),
      key: null,
    },
  ],
}

/** The turns of that session. */
export const eventfulTurns = [one, two, three, four] as const
