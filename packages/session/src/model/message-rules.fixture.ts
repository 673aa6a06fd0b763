import assert from 'node:assert/strict'
import type { Turn, TurnRequest } from '../session-manager.js'
import { checkGone, codeOf } from './command.fixture.js'
import { isLive } from './model-records.fixture.js'
import type { ModelWorld, Result } from './model-world.fixture.js'
import type { LookUp } from './turn-notes.fixture.js'

/** A message, and how it was when it was sent. */
export interface Sent {
  readonly request: TurnRequest
  readonly owner: string
  /** How often the store had been asked for the turn of a key. */
  readonly lookUps: number
  /** Whether there was no place for one more turn: that is certain. */
  readonly isRefused: boolean
  /** Whether it can be that there was none. */
  readonly mayBeRefused: boolean
}

/** Notes how it is when a message is sent. */
export function sentNow(world: ModelWorld, request: TurnRequest, owner: string): Sent {
  const { model, isClosing, manager, mostLive, notes } = world
  const { maxTurns } = manager.limits
  return {
    request,
    owner,
    lookUps: notes.lookUps.length,
    isRefused: isClosing || model.turns.filter(isLive).length >= maxTurns,
    mayBeRefused: isClosing || mostLive >= maxTurns,
  }
}

/** Holds what came of a message to what the store said to it. */
export function checkStarted(world: ModelWorld, sent: Sent, result: Result<Turn>): void {
  const { request, owner } = sent
  const { message, sessionId, onDisconnect } = request
  const asked = world.notes.accepted.get(message)
  const code = codeOf(result)
  if (asked === undefined) {
    checkUnasked(world, sent, result)
    return
  }
  const { outcome } = asked
  assert(!sent.isRefused, `${message}: the store was asked to accept it, though there was no place for it`)
  assert.equal(asked.request.ref.owner, owner)
  assert.equal(asked.request.create === null, sessionId !== undefined)
  if (outcome.outcome === 'accepted' || outcome.outcome === 'queued' || outcome.outcome === 'repeated') {
    assert('value' in result, `${message}: ${outcome.outcome}, and refused with ${code}`)
    const turn = result.value
    const ref = outcome.outcome === 'repeated' ? outcome.ref : asked.request.ref
    assert.deepEqual([turn.sessionId, turn.turnId], [ref.sessionId, ref.turnId])
    assert.equal(turn.isRepeated, outcome.outcome === 'repeated')
    world.followTurn(turn, owner)
    if (onDisconnect === 'cancel' && !turn.isRepeated) world.notes.attended.add(turn.turnId)
    return
  }
  const codes = { full: 'session_capacity_reached', key_reused: 'key_reused', queue_full: 'queue_full' }
  const expected = { ...codes, session_not_found: 'session_not_found', turn_in_progress: 'turn_in_progress' }
  assert.equal(code, expected[outcome.outcome], `${message}: how it was refused`)
  if (outcome.outcome === 'turn_in_progress' && 'error' in result) {
    assert.equal(result.error.turnId, outcome.turnId)
  }
}

/** Holds what came of a message to what there was when it was sent, where the store was not asked to accept it. */
function checkUnasked(world: ModelWorld, sent: Sent, result: Result<Turn>): void {
  const { request, owner, mayBeRefused } = sent
  const { message, sessionId = '', key, onBusy } = request
  const lookUps = lookUpsOf(world, sent)
  const wasNew = key === undefined || lookUps.some(({ found }) => found === undefined)
  if ('value' in result) {
    const { turnId, isRepeated } = result.value
    const isFound = lookUps.some(({ found }) => found?.isSame && found.ref.turnId === turnId)
    assert(isRepeated && isFound, `${message}: got ${turnId}, and the store knows nothing of it`)
    assert(mayBeRefused, `${message}: was not asked for, though there was a place for it`)
    world.followTurn(result.value, owner)
    return
  }
  const { code, turnId } = result.error
  if (code === 'key_reused') {
    assert(lookUps.some(({ found }) => found?.isSame === false && found.ref.turnId === turnId))
  } else if (code === 'shutting_down') {
    assert(world.isClosing)
    assert(wasNew || world.isClosed, `${message}: is refused, and its key may be known`)
  } else if (code === 'overloaded') {
    assert(mayBeRefused && wasNew, `${message}: is refused, and there is a place, or its key may be known`)
  } else if (code === 'turn_in_progress') {
    assert(mayBeRefused && wasNew && onBusy === 'reject')
    assert.equal(world.model.everyTurn({ turnId: turnId ?? '' })?.ref.sessionId, sessionId)
  } else {
    // It can't do better where the session is deleted just now.
    assert.equal(code, 'session_not_found')
    checkGone(world, { owner, sessionId })
  }
}

/** What the store said since a message was sent of the turn that its key stands for. */
function lookUpsOf({ notes }: ModelWorld, { request: { key }, owner, lookUps }: Sent): readonly LookUp[] {
  return notes.lookUps
    .slice(lookUps)
    .filter(
      (each) => each.owner === owner && each.key.key === key?.key && each.key.fingerprint === key.fingerprint,
    )
}
