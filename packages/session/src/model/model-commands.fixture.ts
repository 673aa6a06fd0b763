import assert from 'node:assert/strict'
import type * as fc from 'fast-check'
import type { OnBusy } from '../limits.js'
import type { SessionError } from '../session-error.js'
import type { Turn, TurnRequest } from '../session-manager.js'
import type { OwnedTurnRef, SessionRef, TurnRecord } from '../session-store.js'
import { lookAround } from './look-around.fixture.js'
import type { ModelWorld, Move, Result } from './model-world.fixture.js'
import { isLive, isThere, type SessionModel } from './sessions-model.fixture.js'
import type { Script, Step } from './steered-chat.fixture.js'
import type { LookUp } from './turn-notes.fixture.js'

/** Something that is done with a manager, and held to the model. */
export type Command = fc.AsyncCommand<ModelWorld, ModelWorld>

/** What moves after a command: everything until nothing does any more, or some of what goes to the store and back. */
export type Moves = 'all' | readonly Move[]

/** Whose the sessions are. */
export const owners = ['ann', 'bob'] as const

/** A command that moves something. */
function command(
  name: string,
  moves: Moves,
  run: (world: ModelWorld) => Promise<void> | void,
  check: (world: ModelWorld) => boolean = () => true,
): Command {
  return {
    check,
    async run(world) {
      await run(world)
      if (moves === 'all') await world.settle()
      else await world.deliver(moves)
      world.check()
    },
    toString: () => (moves === 'all' ? name : `${name} ⇢ ${moves.join(',') || 'nothing moves'}`),
  }
}

/** What a number means: 0 is the last one. */
function pick<Item>(items: readonly Item[], n: number): Item {
  return items.at(-1 - (n % items.length)) as Item
}

/** All sessions that were ever made, those that are there last: so that they are meant more often. */
function sessionsOf({ model, now }: ModelWorld): readonly SessionModel[] {
  return model.sessions.toSorted((one, other) => Number(isThere(one, now)) - Number(isThere(other, now)))
}

/** All turns that somebody knows of, those that are live last. */
function turnsOf({ model, turns }: ModelWorld): readonly OwnedTurnRef[] {
  const isLiveNow = (ref: OwnedTurnRef) => {
    const turn = model.everyTurn(ref)
    return Number(turn !== undefined && isLive(turn))
  }
  return turns.toSorted((one, other) => isLiveNow(one) - isLiveNow(other))
}

/** Names a session on behalf of its owner, or of somebody else. */
function refOf({ made }: SessionModel, isStranger: boolean): SessionRef {
  const owner = isStranger ? (owners.find((other) => other !== made.owner) ?? '') : made.owner
  return { owner, sessionId: made.sessionId }
}

const hasSessions = ({ model }: ModelWorld) => model.sessions.length > 0
const hasTurns = ({ turns }: ModelWorld) => turns.length > 0
const hasReaders = ({ readers }: ModelWorld) => readers.length > 0

/** The codes of what was refused. */
function codeOf(result: Result<unknown>): SessionError['code'] | undefined {
  return 'error' in result ? result.error.code : undefined
}

/** Holds a refusal for want of a session to there being none. */
function checkGone(world: ModelWorld, ref: SessionRef): void {
  assert(
    world.notes.deleting.has(ref.sessionId) || !world.isThere(ref),
    `${ref.sessionId}: said not to be there, and it is`,
  )
}

/** Makes a session. */
export function create(owner: string, ttlMs: number | undefined, moves: Moves): Command {
  return command(
    `create a session of ${owner}${ttlMs === undefined ? '' : ` for ${ttlMs} ms`}`,
    moves,
    (world) => {
      const metadata = { made: 'so' }
      const options = { metadata, ...(ttlMs === undefined ? {} : { ttlMs }) }
      world.follow('create', world.manager.ownedBy(owner).sessions.create(options), (result) => {
        if ('error' in result) {
          assert.equal(result.error.code, 'session_capacity_reached')
          assert.equal(world.limits.maxSessions, 6, 'there was room for one more')
          return
        }
        const { sessionId, ...made } = result.value
        const known = world.model.sessions.find((each) => each.made.sessionId === sessionId)
        assert.deepStrictEqual(known?.made.metadata, made.metadata)
        assert.deepStrictEqual([made.owner, made.ttlMs, made.metadata], [owner, ttlMs ?? 60_000, metadata])
      })
    },
  )
}

/** Changes a session. A number names it, for this and what follows: 0 is the latest one that is there. */
export function update(n: number, isStranger: boolean, change: Change, moves: Moves): Command {
  const name = `update session ${n}${isStranger ? ' of somebody else' : ''} ${JSON.stringify(change)}`
  return command(
    name,
    moves,
    (world) => {
      const ref = refOf(pick(sessionsOf(world), n), isStranger)
      const asked = world.manager.ownedBy(ref.owner).sessions.update(ref.sessionId, change)
      world.follow('update', asked, (result) => {
        if ('error' in result) {
          assert.equal(result.error.code, 'session_not_found')
          checkGone(world, ref)
          return
        }
        const { metadata, ttlMs } = result.value
        const mood = change.metadata?.mood
        if (mood !== undefined) assert.equal(metadata['mood'], mood ?? undefined)
        if (change.ttlMs !== undefined) assert.equal(ttlMs, change.ttlMs)
      })
    },
    hasSessions,
  )
}

/** What to change in a session. */
export interface Change {
  readonly metadata?: { readonly mood: string | null }
  readonly ttlMs?: number
}

/** A message to send. */
export interface Chat {
  /** The session; null: a new one. */
  readonly session: number | null
  readonly isStranger: boolean
  readonly onBusy: OnBusy
  readonly key: { readonly key: string; readonly fingerprint: string } | null
  readonly onDisconnect: 'continue' | 'cancel'
  readonly script: Script
}

/** Sends a message. */
export function chat(sent: Chat, moves: Moves): Command {
  return command(
    chatName(sent),
    moves,
    (world) => send(world, sent),
    (world) => canSend(world, sent),
  )
}

function chatName({ session: n, isStranger, onBusy, key, onDisconnect, script }: Chat): string {
  const name = [
    `chat in ${n === null ? 'a new session' : `session ${n}`}${isStranger ? ' of somebody else' : ''}`,
    onBusy,
    ...(key === null ? [] : [`key ${key.key}${key.fingerprint}`]),
    ...(onDisconnect === 'cancel' ? ['cancel on disconnect'] : []),
    `[${script.steps.map(stepName).join(', ')}] ${script.heed}`,
  ]
  return name.join('; ')
}

const canSend = (world: ModelWorld, { session }: Chat) => session === null || hasSessions(world)

function send(world: ModelWorld, { session: n, isStranger, onBusy, key, onDisconnect, script }: Chat): void {
  const ref = n === null ? null : refOf(pick(sessionsOf(world), n), isStranger)
  const owner = ref?.owner ?? owners[isStranger ? 1 : 0]
  const message = `message ${world.notes.scripts.size + 1}`
  world.notes.scripts.set(message, script)
  const request: TurnRequest = {
    message,
    ...(ref === null ? {} : { sessionId: ref.sessionId }),
    onBusy,
    onDisconnect,
    ...(key === null ? {} : { key }),
  }
  const sent = sentNow(world, request, owner)
  world.follow(message, world.manager.ownedBy(owner).startTurn(request), (result) =>
    checkStarted(world, sent, result),
  )
}

function stepName(step: Step): string {
  return step.do === 'state' ? `state ${JSON.stringify(step.state)}` : step.do
}

/** A message, and how it was when it was sent. */
interface Sent {
  readonly request: TurnRequest
  readonly owner: string
  /** How often the store had been asked for the turn of a key. */
  readonly lookUps: number
  /** Whether there was no place for one more turn: that is certain. */
  readonly isRefused: boolean
  /** Whether it can be that there was none. */
  readonly mayBeRefused: boolean
}

function sentNow(world: ModelWorld, request: TurnRequest, owner: string): Sent {
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
function checkStarted(world: ModelWorld, sent: Sent, result: Result<Turn>): void {
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

/** Cancels a turn. */
export function cancel(n: number, isStranger: boolean, reason: string | undefined, moves: Moves): Command {
  return command(
    `cancel turn ${n}${isStranger ? ' of somebody else' : ''}${reason === undefined ? '' : ` for ${reason}`}`,
    moves,
    (world) => {
      const { sessionId, turnId, owner: its } = pick(turnsOf(world), n)
      const owner = isStranger ? `not ${its}` : its
      const ref = { sessionId, turnId }
      if (!isStranger) world.notes.mayStop(turnId, reason ?? 'client_request')
      const asked = world.manager.ownedBy(owner).cancelTurn(ref, reason === undefined ? {} : { reason })
      const look = (result: Result<TurnRecord>) => {
        const code = codeOf(result)
        if ('value' in result) {
          assert(!isStranger)
          assert.deepEqual([result.value.turnId, result.value.endedAt], [turnId, null])
          world.notes.mustStop(turnId)
        } else if (code === 'turn_not_cancellable') {
          assert(!isStranger)
          assert(world.model.everyTurn(ref)?.end !== null, `${turnId}: can be cancelled`)
        } else {
          assert.equal(code, 'turn_not_found')
          checkGone(world, { owner, sessionId })
        }
      }
      // One that has failed is found ended: its answer may still be given time to stop.
      world.follow(`cancel ${turnId}`, asked, look, () => world.isLettingGo)
    },
    hasTurns,
  )
}

/** Deletes a session. */
export function remove(n: number, isStranger: boolean, moves: Moves): Command {
  return command(
    `delete session ${n}${isStranger ? ' of somebody else' : ''}`,
    moves,
    (world) => {
      const session = pick(sessionsOf(world), n)
      const ref = refOf(session, isStranger)
      const { sessionId } = ref
      if (!isStranger) world.notes.deleting.add(sessionId)
      const asked = world.manager.ownedBy(ref.owner).sessions.delete(sessionId)
      const mayWait = () => session.running !== null || session.line.length > 0
      const look = (result: Result<void>) => {
        if (codeOf(result) === 'shutting_down') {
          assert(world.isClosing)
          return
        }
        assert('value' in result || result.error.code === 'session_not_found')
        assert('error' in result || !isStranger)
        assert(!world.isThere(ref), `${sessionId}: deleted, and still there`)
      }
      world.follow(`delete ${sessionId}`, asked, look, mayWait)
    },
    hasSessions,
  )
}

/** Lets an answer on that waits at a gate. */
export function open(n: number, moves: Moves): Command {
  return command(
    `open gate ${n}`,
    moves,
    ({ gates }) => pick(gates, n).open?.(),
    ({ gates }) => gates.length > 0,
  )
}

/** Begins to read a turn: from its first event, or from about where others have come. */
export function read(n: number, from: number, count: number, moves: Moves): Command {
  return command(
    `read turn ${n} from ${from}, ${count} events`,
    moves,
    (world) => {
      const ref: OwnedTurnRef = pick(turnsOf(world), n)
      const seen = world.seen.get(ref.turnId) ?? 0
      world.read(ref, from === 0 ? 0 : Math.max(0, seen + 2 - from)).pull(count)
    },
    hasTurns,
  )
}

/** Lets a reader go on, who had all that it wanted. */
export function readOn(n: number, count: number, moves: Moves): Command {
  return command(
    `reader ${n} takes ${count} more`,
    moves,
    ({ readers }) => pick(readers, n).pull(count),
    hasReaders,
  )
}

/** Lets a reader leave. */
export function leave(n: number, how: 'abort' | 'return', moves: Moves): Command {
  return command(
    `reader ${n} leaves: ${how}`,
    moves,
    ({ readers }) => pick(readers, n).leave(how),
    hasReaders,
  )
}

/** Lets time pass. */
export function wait(ms: number, isSettling: boolean): Command {
  return command(
    `${isSettling ? 'wait' : 'wait while the store does not answer,'} ${ms} ms`,
    isSettling ? 'all' : [],
    (world) => world.pass(ms, isSettling),
  )
}

/** Reads everything that there is. */
export function look(limit: number, order: 'asc' | 'desc'): Command {
  return command(`look at everything, ${limit} at a time, ${order}`, 'all', async (world) => {
    await world.settle()
    await lookAround(world, owners, limit, order)
  })
}

/** Ends the process at once, and begins another one. */
export const crash: Command = command(
  'crash',
  'all',
  (world) => world.crash(),
  ({ store }) => store.isExclusive,
)

/** Closes the manager, and begins another process. Meanwhile messages are sent: again and again, as those do who are refused. */
export function close(
  grace: number,
  opened: readonly number[],
  sent: readonly Chat[],
  moves: Moves,
): Command {
  const messages = sent.map((each) => `, ${chatName(each)}`).join('')
  const name = `close within ${grace} ms, opening ${opened.join(', ') || 'nothing'}${messages}`
  return command(name, 'all', async (world) => {
    if (moves !== 'all') await world.deliver(moves)
    await world.close(grace, opened, () => {
      for (const each of sent) if (canSend(world, each)) send(world, each)
    })
  })
}
