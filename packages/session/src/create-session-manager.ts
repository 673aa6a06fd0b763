import { checkInput } from './check-input.js'
import { checkLimits } from './check-limits.js'
import { systemClock } from './clock.js'
import { createSessions } from './create-sessions.js'
import { createHealthCheck } from './health.js'
import { randomIds } from './ids.js'
import { silentLogger } from './logger.js'
import { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { SessionManager, SessionManagerOptions, Turn } from './session-manager.js'
import { storeCall } from './store-call.js'
import { Sweeper } from './sweeper.js'
import { flatten, readBatches, storedTurn } from './turn/read-events.js'
import { TurnRunner } from './turn/turn-runner.js'

/** Makes a session manager. See {@link SessionManagerOptions} for its parts. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  const { store, chat, clock = systemClock, ids = randomIds, logger = silentLogger } = options
  const limits = checkLimits(options.limits ?? {})
  const parts: ManagerParts = { store, chat, clock, ids, logger, limits }
  const runner = new TurnRunner(parts)
  const life = new ManagerLife(parts, runner, new Sweeper(parts, runner.instance))
  const health = createHealthCheck(parts, life)

  const manager: SessionManager = {
    sessions: createSessions(parts, life, runner),
    limits,
    chat,
    storeKind: store.kind,
    get state() {
      return life.state
    },
    start: () => life.start(),

    async startTurn(request): Promise<Turn> {
      checkInput(request, limits)
      await life.writable()
      const turn = await runner.start(request)
      return {
        ...turn.ref,
        ended: turn.ended,
        events: (read) => manager.events(turn.ref, read),
        eventBatches: (read) => manager.eventBatches(turn.ref, read),
      }
    },

    async turn(ref) {
      await life.readable()
      return storedTurn(ref, parts)
    },

    events: (ref, read) => flatten(manager.eventBatches(ref, read)),

    eventBatches: (ref, read = {}) => readBatches(ref, read, parts, runner, life),

    async cancelTurn(ref, { reason = 'client_request' } = {}) {
      await life.readable()
      const turn = await runner.find(ref)
      const record = await storedTurn(ref, parts)
      if (record.endedAt !== null || turn === undefined) {
        throw new SessionError('turn_not_cancellable', 'The turn has already ended.', ref)
      }
      turn.stop({ status: 'cancelled', reason })
      return record
    },

    health,

    async status() {
      const sessionCount = life.isReadable ? await storeCall(store.countSessions(clock.now())) : 0
      return { sessionCount, turns: { running: runner.running } }
    },

    close: ({ grace = 0 } = {}) => life.close(grace),
  }
  return manager
}
