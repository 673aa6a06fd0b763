import assert from 'node:assert/strict'
import type { SessionStore, TurnWrite } from '../session-store.js'
import {
  completion,
  delta,
  mine,
  numbered,
  ref,
  request,
  start,
  startedTurn,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { nextTick, watchChange } from './watch-change.js'

const turn = ref('sess_1', 'turn_1')
const late = start + 30_000

/** A turn that has said something, and the write that ends it: with its final event alone. */
async function endingTurn(store: SessionStore, turn = ref('sess_1', 'turn_1')): Promise<TurnWrite> {
  await startedTurn(store, turn)
  await store.writeTurns([{ ref: turn, events: numbered(2, delta('answer')) }])
  const { event, end } = completion(turn, 'answer', start + 1)
  return { ref: turn, events: numbered(3, event), end: { ...end, state: 'new' } }
}

/** What is left of a turn that several have ended: one final event and one message. */
async function assertEndedOnce(store: SessionStore): Promise<void> {
  const events = await store.readEvents(mine(turn), { after: 2, limit: 10 }, start)
  const ended = await store.getTurn(mine(turn), start)
  assert.deepEqual(
    events?.map(({ type, seq }) => [type, seq]),
    [[`turn.${ended?.status}`, 3]],
  )
  assert.equal(ended?.lastSeq, 3)
  const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 10 }, start)
  assert.deepEqual(
    page?.messages.map(({ role }) => role),
    ['user', 'assistant'],
  )
  assert.equal(page.messages[1]?.status, ended.status === 'completed' ? 'complete' : 'partial')
}

export const concurrentEndTests: StoreTests = {
  'shows the message, the final event, the status and the new expiry at once': async (store) => {
    const write = await endingTurn(store)
    await watchChange(viewsOf(store, turn), () => store.writeTurns([write]))
  },

  'shows the partial message and the end of a failed turn at once': async (store) => {
    const { ref, end } = await endingTurn(store)
    const events = numbered(3, { type: 'turn.failed', code: 'chat_failed', content: 'answer' })
    assert(end?.message)
    const failed = { ...end, status: 'failed', message: { ...end.message, status: 'partial' } } as const
    await watchChange(viewsOf(store, turn), () => store.writeTurns([{ ref, events, end: failed }]))
  },

  'shows the end of an interrupted turn at once': async (store) => {
    await endingTurn(store)
    await watchChange(viewsOf(store, turn, late), () => store.interruptAbandoned(late, 'lease_expired'))
  },

  'takes the next message with the new state as soon as anything shows the end': async (store) => {
    for (const [n, name] of Object.keys(viewsOf(store, turn)).entries()) {
      const ending = ref(`sess_${n}`, `turn_${n}`)
      const write = await endingTurn(store, ending)
      const look = async () => JSON.stringify(await viewsOf(store, ending)[name]?.())
      const before = await look()
      let isOver = false
      const writing = store.writeTurns([write]).finally(() => {
        isOver = true
      })
      const accepting = (async () => {
        for (;;) {
          const mustAccept: boolean = isOver || (await look()) !== before
          const next = request(ref(ending.sessionId, `turn_next_${n}`), 'next')
          const accepted = await store.acceptTurn(next)
          if (accepted.outcome === 'accepted') return accepted
          assert.deepEqual([accepted.outcome, mustAccept], ['turn_in_progress', false], name)
          await nextTick()
        }
      })()
      const [accepted] = await Promise.all([accepting, writing])
      assert.equal(accepted.state, 'new')
      assert.deepEqual(
        accepted.history.map(({ content }) => content),
        ['hello', 'answer'],
      )
    }
  },

  'takes one of two ends that come at once': async (store) => {
    const write = await endingTurn(store)
    const outcomes = await Promise.all([store.writeTurns([write]), store.writeTurns([write])])
    assert.deepEqual(outcomes.flat().sort(), ['refused', 'written'])
    await assertEndedOnce(store)
  },

  'ends or interrupts a turn when both come at once, and never does both': async (store) => {
    const write = await endingTurn(store)
    const [[outcome], interrupted] = await Promise.all([
      store.writeTurns([write]),
      store.interruptAbandoned(late, 'lease_expired'),
    ])
    assert.deepEqual(interrupted, outcome === 'written' ? [] : [turn])
    await assertEndedOnce(store)
  },
}
