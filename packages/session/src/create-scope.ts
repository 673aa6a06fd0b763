import { checkInput } from './check-input.js'
import { createSessions } from './create-sessions.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { SessionScope, Turn } from './session-manager.js'
import { flatten, readBatches, storedTurn } from './turn/read-events.js'
import type { TurnRunner } from './turn/turn-runner.js'

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
      const turn = await runner.start(request, owner)
      return {
        ...turn.ref,
        ended: turn.ended,
        events: (read) => scope.events(turn.ref, read),
        eventBatches: (read) => scope.eventBatches(turn.ref, read),
      }
    },

    async turn(ref) {
      await life.readable()
      return storedTurn({ ...ref, owner }, parts)
    },

    events: (ref, read) => flatten(scope.eventBatches(ref, read)),

    eventBatches: (ref, read = {}) => readBatches({ ...ref, owner }, read, parts, runner, life),

    async cancelTurn(ref, { reason = 'client_request' } = {}) {
      await life.readable()
      const owned = { ...ref, owner }
      const turn = await runner.find(owned)
      const record = await storedTurn(owned, parts)
      if (record.endedAt !== null || turn === undefined) {
        throw new SessionError('turn_not_cancellable', 'The turn has already ended.', ref)
      }
      turn.stop({ status: 'cancelled', reason })
      return record
    },
  }
  return scope
}
