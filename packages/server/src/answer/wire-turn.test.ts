import type { TurnEvent, TurnRecord } from '@colloquy/session'
import { expect, it } from 'vitest'
import { wireTurn } from './wire-turn.js'

const record: TurnRecord = {
  sessionId: 'sess_1',
  turnId: 'turn_1',
  position: 1,
  status: 'running',
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  metadata: {},
  lastSeq: 3,
  final: null,
  functionsCalled: [],
}

const text = (seq: number): TurnEvent => ({ seq, type: 'text.delta', text: `${seq}` })

/** A scope in which a turn has these events, and goes on. */
function scopeOf(...batches: readonly TurnEvent[][]) {
  return {
    async *eventBatches() {
      yield* batches
      await new Promise(() => {})
    },
  }
}

const { signal } = new AbortController()

it('a turn is read as it was at one moment: what has come since is left out', async () => {
  const started: TurnEvent = { seq: 1, type: 'turn.started', sessionId: 'sess_1', turnId: 'turn_1' }
  const inOneBatch = scopeOf([started, text(2), text(3), text(4)])
  expect(await wireTurn(record, inOneBatch, signal)).toMatchObject({ status: 'running', content: '23' })
  const inMany = scopeOf([started], [text(2)], [text(3)], [text(4)])
  expect(await wireTurn(record, inMany, signal)).toMatchObject({ content: '23' })
})

it('a turn that waits is not read for anything', async () => {
  const waiting: TurnRecord = { ...record, status: 'queued', startedAt: null, lastSeq: 1 }
  expect(await wireTurn(waiting, scopeOf(), signal)).toMatchObject({ status: 'queued', content: '' })
})
