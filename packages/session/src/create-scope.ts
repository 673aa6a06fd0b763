import { checkInput } from './check-input.js'
import { createSessions } from './create-sessions.js'
import { listOfSession } from './list-of-session.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { SessionScope, Turn } from './session-manager.js'
import type { OwnedTurnRef } from './session-store.js'
import { StartedTurn } from './started-turn.js'
import { EventReader } from './turn/event-reader.js'
import { flattenBatches } from './turn/flatten-batches.js'
import { storedTurn } from './turn/stored-turn.js'
import type { TurnRunner } from './turn/turn-runner.js'
import type { TurnRef } from './turn-event.js'

/** The sessions and turns of one owner. */
export function createScope(
  owner: string,
  parts: ManagerParts,
  life: ManagerLife,
  runner: TurnRunner,
): SessionScope {
  /** Not spread: of a `Turn`, that would ask for its end. */
  const owned = ({ sessionId, turnId }: TurnRef): OwnedTurnRef => ({ owner, sessionId, turnId })

  const scope: SessionScope = {
    owner,
    sessions: createSessions(owner, parts, life, runner),

    async startTurn(request): Promise<Turn> {
      checkInput(request, parts.limits, request.sessionId === undefined ? parts.chat.chats : null)
      // A repeated request makes no turn, and is answered as long as turns can be read.
      if (!life.isReadable) await life.readable()
      const { ref, turn } = await runner.start(request, owner)
      const live = turn ?? (await runner.find(owned(ref)))
      return new StartedTurn({ ref: owned(ref), live, parts, runner, life }, turn === null)
    },

    async turn(ref) {
      await life.readable()
      return storedTurn(owned(ref), parts)
    },

    async turns(sessionId, options = {}) {
      await life.readable()
      const { store, clock } = parts
      return listOfSession('turns', sessionId, options, async (request) => {
        const page = await store.listTurns({ owner, sessionId }, request, clock.now())
        return page && { items: page.turns, more: page.more }
      })
    },

    events: (ref, read) => flattenBatches(scope.eventBatches(ref, read)),

    eventBatches: (ref, read = {}) => new EventReader({ ref: owned(ref), parts, runner, life }, read),

    async cancelTurn(ref, { reason = 'client_request' } = {}) {
      await life.readable()
      const turn = await runner.find(owned(ref))
      const record = await storedTurn(owned(ref), parts)
      if (record.endedAt !== null || turn === undefined) {
        const isClosed = await runner.closeUnclosed(ref.turnId)
        throw record.endedAt !== null || isClosed ? hasEnded(ref) : runsElsewhere(ref)
      }
      if (turn.stop({ status: 'cancelled', reason })) return record
      await turn.ended.catch(() => {}) // then whoever asks for it finds it ended
      throw hasEnded(ref)
    },
  }
  return scope
}

function hasEnded(ref: TurnRef): SessionError {
  return new SessionError('turn_not_cancellable', 'The turn has already ended.', ref)
}

function runsElsewhere(ref: TurnRef): SessionError {
  const message = 'The turn runs in another process, and only that one can cancel it.'
  return new SessionError('turn_not_cancellable', message, ref)
}
