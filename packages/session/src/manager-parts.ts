import type { ChatInterface } from './chat-interface.js'
import type { Clock } from './clock.js'
import type { IdSource } from './ids.js'
import type { SessionLimits } from './limits.js'
import type { Logger } from './logger.js'
import type { SafeObserver } from './session-observer.js'
import type { SessionStore } from './session-store.js'
import type { StoredEvents } from './turn/stored-events.js'

/** What every part of a session manager works with. */
export interface ManagerParts {
  readonly store: SessionStore
  readonly storedEvents: StoredEvents
  readonly chat: ChatInterface
  readonly clock: Clock
  readonly ids: IdSource
  readonly logger: Logger
  readonly limits: SessionLimits
  readonly observer: SafeObserver
}
