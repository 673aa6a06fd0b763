import { createSessionManager } from '../create-session-manager.js'
import type { IdSource } from '../ids.js'
import type { Logger } from '../logger.js'
import type { SessionManager } from '../session-manager.js'
import type { SessionStore } from '../session-store.js'
import { DelayedStore } from './delayed-store.fixture.js'
import type { ModelReader } from './model-reader.fixture.js'
import type { ModelWorld, Operation } from './model-world.fixture.js'
import { ownTimers, type Timer } from './own-timers.fixture.js'
import { type Answer, steeredChat } from './steered-chat.fixture.js'
import { checkWrite, worsenings } from './turn-rules.fixture.js'

/** One process: all that is gone with it. */
export interface Life {
  readonly manager: SessionManager
  readonly delayed: DelayedStore
  readonly answers: readonly Answer[]
  readonly timers: Set<Timer>
  readonly operations: Set<Operation>
  readonly readers: ModelReader[]
  isClosing: boolean
  isClosed: boolean
  isGraceOver: boolean
  isGone: boolean
}

/** What a process has to know of the world, and whom it tells. */
export type LifeSurroundings = Pick<
  ModelWorld,
  'model' | 'clock' | 'notes' | 'store' | 'limits' | 'factsOf' | 'fail'
>

/**
 * Begins a process: a manager over a store that others have left, and a chat interface that is steered. What the store is
 * told and says is held to the model, and noted.
 */
export function beginLife(world: LifeSurroundings, store: SessionStore, ids: IdSource): Life {
  const { model, clock, notes, limits, fail } = world
  const timers = new Set<Timer>()
  const delayed = new DelayedStore(store, model, world.store.isExclusive, {
    writing: (writes, outcomes) => {
      for (const [index, write] of writes.entries()) {
        const turn = model.everyTurn(write.ref)
        if (outcomes[index] !== 'written' || turn === undefined) continue
        checkWrite(turn, write, world.factsOf(turn))
        const before = worsenings(turn.events)
        if (worsenings([...turn.events, ...write.events]) > before)
          notes.worseAt.set(turn.ref.turnId, clock.now())
      }
    },
    accepted: (request, outcome) => notes.accept(request, outcome),
    started: (turnId, outcome) => notes.start(turnId, outcome),
    lookedUp: (owner, key, found) => notes.lookUps.push({ owner, key, found }),
    failed: fail,
  })
  const chat = steeredChat({
    now: clock.now,
    scriptOf: (message) => notes.scripts.get(message),
    beginningOf: (turnId) => notes.beginnings.get(turnId),
    failed: fail,
  })
  const manager = createSessionManager({
    store: delayed.store,
    chat,
    limits,
    clock: ownTimers(clock, timers),
    ids,
    logger: loggerThat(fail),
  })
  return {
    manager,
    delayed,
    answers: chat.answers,
    timers,
    operations: new Set(),
    readers: [],
    isClosing: false,
    isClosed: false,
    isGraceOver: false,
    isGone: false,
  }
}

/** Nothing is to be reported as an error but what the chat interface does wrong, whatever is done in whatever order. */
function loggerThat(fail: (error: unknown) => void): Logger {
  const silent = () => {}
  const logger: Logger = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (fields, message) => {
      if ('code' in fields && (fields.code === 'chat_failed' || fields.code === 'chat_timeout')) return
      fail(new Error(`logged as an error: ${message}`, { cause: fields }))
    },
    child: () => logger,
  }
  return logger
}
