import assert from 'node:assert/strict'
import type { OwnedTurnRef, TurnRecord } from '../session-store.js'
import { type Command, checkGone, codeOf, command, type Moves, pick } from './command.fixture.js'
import { isLive } from './model-records.fixture.js'
import type { ModelWorld, Result } from './model-world.fixture.js'

const hasTurns = ({ turns }: ModelWorld) => turns.length > 0
const hasReaders = ({ readers }: ModelWorld) => readers.length > 0

/** All turns that somebody knows of, those that are live last. */
function turnsOf({ model, turns }: ModelWorld): readonly OwnedTurnRef[] {
  const isLiveNow = (ref: OwnedTurnRef) => {
    const turn = model.everyTurn(ref)
    return Number(turn !== undefined && isLive(turn))
  }
  return turns.toSorted((one, other) => isLiveNow(one) - isLiveNow(other))
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
