import assert from 'node:assert/strict'
import { isFinal } from '../turn-event.js'
import { isLive, type SessionModel, type TurnModel } from './model-records.fixture.js'
import type { ModelWorld } from './model-world.fixture.js'
import { isOverdue, type TurnFacts, worseMs } from './turn-rules.fixture.js'

/** What of a world has to be as it should when nothing moves any more but the clock and the chat interface. */
export type StillWorld = Pick<
  ModelWorld,
  'model' | 'operations' | 'readers' | 'timers' | 'isClosing' | 'isLettingGo' | 'factsOf'
>

/** Looks whether everything has come as far as it can. */
export function checkStill(world: StillWorld): void {
  const { model, operations, readers, timers, isClosing, isLettingGo } = world
  for (const session of model.sessions) if (!session.isDeleted) checkSession(session, world)
  for (const { label, mayWait } of operations) assert(mayWait(), `${label}: hangs`)
  for (const reader of readers) {
    if (reader.wanted === 0 || reader.isOver) continue
    assert(reader.isUpToDate, `${reader.ref.turnId}: a reader is not told what there is`)
  }
  if (operations.size > 0 || isClosing || isLettingGo || model.turns.some(isLive)) return
  assert.equal(timers, 1, 'nothing is done, and more timers wait than that of the sweep')
}

function checkSession({ running, line, turns }: SessionModel, world: StillWorld): void {
  if (running !== null) checkRunning(running, world.factsOf(running))
  else assert.equal(line.length, 0, `${line[0]?.ref.turnId}: waits, and nothing runs`)
  for (const [index, turn] of line.entries()) checkWaiting(turn, index + 1, world.factsOf(turn))
  for (const turn of turns) {
    const ends = turn.events.filter(isFinal)
    assert.equal(ends.length, isLive(turn) ? 0 : 1, `${turn.ref.turnId}: how often it has ended`)
  }
}

function checkWaiting({ ref: { turnId }, events }: TurnModel, place: number, facts: TurnFacts): void {
  const event = events.findLast(({ type }) => type === 'turn.queued')
  const told = event?.type === 'turn.queued' ? event.position : Number.NaN
  const { now, worseAt } = facts
  // That it has become worse may be told later, when it has become so a moment ago already.
  const isLater = told < place && worseAt !== undefined && now < worseAt + worseMs
  if (!isLater) assert.equal(told, place, `${turnId}: its place as it was told`)
  assert(!facts.hasToStop, `${turnId}: waits, and has to stop`)
}

function checkRunning({ ref: { turnId } }: TurnModel, facts: TurnFacts): void {
  const { answer, limits, now, hasToStop } = facts
  assert(answer !== undefined, `${turnId}: runs, and the chat interface was not asked`)
  assert.equal(answer.outcome, 'running', `${turnId}: runs, and its answer has come to its end`)
  if (answer.abortedAt !== null) {
    assert.equal(answer.script.heed, 'ignores', `${turnId}: runs, and its answer was stopped`)
    assert(now < answer.abortedAt + limits.stopTimeoutMs, `${turnId}: is waited for too long`)
    return
  }
  assert(!hasToStop, `${turnId}: has to stop, and was not told to`)
  assert(!isOverdue(answer, facts), `${turnId}: takes too long, and was not told to stop`)
}
