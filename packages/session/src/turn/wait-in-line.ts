import { leaseMs } from '../limits.js'
import { endedElsewhere } from '../refusals.js'
import { storeCall } from '../store-call.js'
import type { LiveTurn } from './live-turn.js'
import type { TurnRuntime } from './run-turn.js'

/** How often the line is looked at when nothing is heard of it, in milliseconds. */
const lookMs = 1_000

/** How long it takes, at the least, until a turn is told again that its place has become worse, in milliseconds. */
const worseMs = 1_000

/**
 * Waits until a turn may run, and tells its readers its place meanwhile: a better one at once, a worse one at most once
 * a second, since others can make it worse as often as they like, and each time is an event that is kept. Resolves also
 * when the turn is asked to stop first; then it has not begun.
 *
 * @throws SessionError `turn_not_found` when it was ended elsewhere, `store_unavailable`
 */
export async function waitInLine(turn: LiveTurn, runtime: TurnRuntime): Promise<void> {
  const { store, clock, limits, instance, lines, writer } = runtime
  const { sessionId } = turn.ref
  const isExclusive = store.isExclusive === true
  let hasMoved = true
  let toldWorseAt = Number.NEGATIVE_INFINITY
  /** How long it takes until a place can be told that is known; null when there is none. */
  let untoldMs: number | null = null
  let wake = () => {}
  const move = () => {
    hasMoved = true
    wake()
  }
  const leave = lines.join(sessionId, move)
  try {
    while (turn.stopReason === null) {
      if (!hasMoved) {
        const { promise: movedOrStopped, resolve } = Promise.withResolvers<void>()
        wake = resolve
        turn.onStop(resolve)
        // Where others share the store, one of them may have moved the line.
        const lookAgainMs = untoldMs ?? (isExclusive ? null : lookMs)
        const cancelTimer =
          lookAgainMs === null ? () => {} : clock.after(lookAgainMs, move, { background: true })
        await movedOrStopped
        cancelTimer()
        continue
      }
      hasMoved = false
      const now = clock.now()
      const lease = { instance, until: now + leaseMs }
      const { historyLimit } = limits
      const outcome = await storeCall(() => store.startTurn(turn.ref, { lease, historyLimit, now }))
      if (outcome.outcome === 'started') {
        turn.begin(outcome, clock.monotonic())
        leave()
        lines.moved(sessionId) // those behind it are one place further
        return
      }
      if (outcome.outcome === 'gone') throw endedElsewhere(turn.ref)
      const { position } = outcome
      untoldMs = null
      if (position === turn.position) continue
      if (turn.position !== null && position > turn.position) {
        const at = clock.monotonic()
        const restMs = toldWorseAt + worseMs - at
        if (restMs > 0) {
          untoldMs = restMs
          continue
        }
        toldWorseAt = at
      }
      turn.position = position
      turn.record({ type: 'turn.queued', position })
      writer.schedule(turn)
      // The store numbers the event that it starts with: it has to have all that come before.
      while (turn.pending.length > 0 && !turn.isOver) await writer.written(turn)
      if (turn.failure !== null) throw turn.failure
    }
  } finally {
    turn.onStop(null)
    leave()
  }
}
