import { checkInput } from './check-input.js'
import { createSessions } from './create-sessions.js'
import { readNumberCursor, writeCursor } from './cursor.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { SessionScope, Turn } from './session-manager.js'
import { storeCall } from './store-call.js'
import { flatten, readBatches, readEnd, storedTurn } from './turn/read-events.js'
import { sessionNotFound, type TurnRunner } from './turn/turn-runner.js'
import type { TurnRef } from './turn-event.js'

/** The sessions and turns of one owner. */
export function createScope(
  owner: string,
  parts: ManagerParts,
  life: ManagerLife,
  runner: TurnRunner,
): SessionScope {
  const scope: SessionScope = {
    owner,
    sessions: createSessions(owner, parts, life, runner),

    async startTurn(request): Promise<Turn> {
      checkInput(request, parts.limits)
      await life.writable()
      const { ref, turn } = await runner.start(request, owner)
      const live = turn ?? (await runner.find({ ...ref, owner }))
      const ended = readEnd({ ...ref, owner }, live, parts, life)
      ended.catch(() => {}) // it may fail with nobody waiting for it; the runner has logged it
      return {
        ...ref,
        isRepeated: turn === null,
        ended,
        attend: () => live?.join() ?? (() => {}),
        events: (read) => scope.events(ref, read),
        eventBatches: (read) => scope.eventBatches(ref, read),
      }
    },

    async turn(ref) {
      await life.readable()
      return storedTurn({ ...ref, owner }, parts)
    },

    async turns(sessionId, { order = 'asc', limit = 50, cursor } = {}) {
      await life.readable()
      const list = `turns:${order}`
      const after = cursor === undefined ? {} : { after: readNumberCursor(list, cursor) }
      const { store, clock } = parts
      const page = await storeCall(() =>
        store.listTurns({ owner, sessionId }, { order, limit, ...after }, clock.now()),
      )
      if (page === undefined) throw sessionNotFound(sessionId)
      const last = page.turns.at(-1)
      const nextCursor = page.more && last !== undefined ? writeCursor(list, last.position) : null
      return { data: page.turns, nextCursor }
    },

    events: (ref, read) => flatten(scope.eventBatches(ref, read)),

    eventBatches: (ref, read = {}) => readBatches({ ...ref, owner }, read, parts, runner, life),

    async cancelTurn(ref, { reason = 'client_request' } = {}) {
      await life.readable()
      const owned = { ...ref, owner }
      const turn = await runner.find(owned)
      const record = await storedTurn(owned, parts)
      if (record.endedAt !== null || turn === undefined) {
        throw notCancellable(ref)
      }
      if (turn.stop({ status: 'cancelled', reason })) return record
      await turn.ended.catch(() => {}) // then whoever asks for it finds it ended
      throw notCancellable(ref)
    },
  }
  return scope
}

function notCancellable(ref: TurnRef): SessionError {
  return new SessionError('turn_not_cancellable', 'The turn has already ended.', ref)
}
