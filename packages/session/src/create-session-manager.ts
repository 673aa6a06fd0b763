import { createAskComponents } from './ask-components.js'
import { checkLimits } from './check-limits.js'
import { systemClock } from './clock.js'
import { createScope } from './create-scope.js'
import { createHealthCheck } from './health.js'
import { randomIds } from './ids.js'
import { silentLogger } from './logger.js'
import { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { observeStore } from './observe-store.js'
import type { SessionManager, SessionManagerOptions, SessionScope } from './session-manager.js'
import { guardObserver, noObserver } from './session-observer.js'
import { storeCall } from './store-call.js'
import { Sweeper } from './sweeper.js'
import { StoredEvents } from './turn/stored-events.js'
import { TurnRunner } from './turn/turn-runner.js'

/** Makes a session manager. See {@link SessionManagerOptions} for its parts. */
export function createSessionManager(options: SessionManagerOptions): SessionManager {
  const { chat, clock = systemClock, ids = randomIds, logger = silentLogger } = options
  const limits = checkLimits(options.limits ?? {})
  const observer = options.observer === undefined ? noObserver : guardObserver(options.observer, logger)
  const store = observer === noObserver ? options.store : observeStore(options.store, observer, clock)
  const storedEvents = new StoredEvents(store, clock)
  const parts: ManagerParts = { store, storedEvents, chat, clock, ids, logger, limits, observer }
  const runner = new TurnRunner(parts)
  const ask = createAskComponents(parts)
  const life = new ManagerLife(parts, runner, new Sweeper(parts, runner), ask)
  const health = createHealthCheck(ask, life, parts)

  const ownedBy = (owner: string): SessionScope => createScope(owner, parts, life, runner)

  return {
    ...ownedBy(''),
    ownedBy,
    limits,
    chat,
    storeKind: store.kind,
    get state() {
      return life.state
    },
    start: () => life.start(),

    health,

    async status() {
      const sessionCount = life.isReadable ? await storeCall(() => store.countSessions(clock.now())) : null
      return { sessionCount, turns: { running: runner.running, queued: runner.queued } }
    },

    close: ({ grace = 0 } = {}) => life.close(grace),
  }
}
