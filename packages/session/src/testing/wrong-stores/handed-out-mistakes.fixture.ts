import type { MessageRecord, SessionRecord } from '../../session-store.js'
import type { TurnEvent, TurnRef } from '../../turn-event.js'
import type { Mistakes } from './wrong-store.fixture.js'

/** Hands out one and the same thing, which everybody can change, until there is something else to tell. */
function sharing<Args extends readonly unknown[], Result>(
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  const known = new Map<string, { readonly told: string; readonly result: Result }>()
  return async (...args) => {
    const right = await call(...args)
    const name = JSON.stringify(args)
    const told = JSON.stringify(right)
    const kept = known.get(name)
    if (kept?.told === told) return kept.result
    const result = structuredClone(right)
    known.set(name, { told, result })
    return result
  }
}

/** Keeps things as they were first handed out, and hands the same out from then on. */
function keeping<Thing extends object>(nameOf: (thing: Thing) => string): (thing: Thing) => Thing {
  const known = new Map<string, Thing>()
  return (thing) => {
    const name = nameOf(thing)
    const kept = known.get(name) ?? { ...thing }
    known.set(name, kept)
    return kept
  }
}

export const handedOutMistakes: Mistakes = {
  'hands out a session that everybody can change': (right) => ({
    getSession: sharing((session, now) => right.getSession(session, now)),
  }),
  'hands out a list of sessions that everybody can change': (right) => ({
    listSessions: sharing((page, now) => right.listSessions(page, now)),
  }),
  'hands out messages that everybody can change': (right) => ({
    listMessages: sharing((session, page, now) => right.listMessages(session, page, now)),
  }),
  'hands out a turn that everybody can change': (right) => ({
    getTurn: sharing((turn, now) => right.getTurn(turn, now)),
  }),
  'hands out a list of turns that everybody can change': (right) => ({
    listTurns: sharing((session, page, now) => right.listTurns(session, page, now)),
  }),
  'hands out events that everybody can change': (right) => ({
    readEvents: sharing((turn, range, now) => right.readEvents(turn, range, now)),
  }),
  'lets everybody change which turn a key stands for': (right) => ({
    getKeyedTurn: sharing((owner, key, now) => right.getKeyedTurn(owner, key, now)),
  }),
  'keeps the messages of a history as they were handed out': (right) => {
    const kept = keeping<MessageRecord>(({ messageId, content }) => JSON.stringify([messageId, content]))
    return {
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        return 'history' in accepted ? { ...accepted, history: accepted.history.map(kept) } : accepted
      },
      async listMessages(session, page, now) {
        const found = await right.listMessages(session, page, now)
        return found && { ...found, messages: found.messages.map(kept) }
      },
    }
  },
  'keeps the first event of a turn as it was handed out': (right) => {
    const firsts = new Map<string, TurnEvent>()
    const keep = (turnId: string, first: TurnEvent) => {
      const kept = { ...first }
      firsts.set(turnId, kept)
      return kept
    }
    return {
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        const { turnId } = request.ref
        if ('started' in accepted) return { ...accepted, started: keep(turnId, accepted.started) }
        return 'queued' in accepted ? { ...accepted, queued: keep(turnId, accepted.queued) } : accepted
      },
      async readEvents(turn, range, now) {
        const events = await right.readEvents(turn, range, now)
        const first = range.after === 0 ? firsts.get(turn.turnId) : undefined
        return events && first ? [first, ...events.slice(1)] : events
      },
    }
  },
  'keeps a session that was changed as it was handed out': (right) => {
    let kept: SessionRecord | undefined
    return {
      async updateSession(ref, change, now) {
        const updated = await right.updateSession(ref, change, now)
        if (updated.outcome !== 'updated') return updated
        kept = { ...updated.session }
        return { outcome: 'updated', session: kept }
      },
      getSession: async (ref, now) => (kept?.sessionId === ref.sessionId ? kept : right.getSession(ref, now)),
    }
  },
  'calls a turn what it was called when it was interrupted': (right) => {
    const refs = new Map<string, TurnRef>()
    return {
      async interruptAbandoned(...args) {
        const interrupted = (await right.interruptAbandoned(...args)).map((ref) => ({ ...ref }))
        for (const ref of interrupted) refs.set(ref.turnId, ref)
        return interrupted
      },
      async getTurn(ref, now) {
        const turn = await right.getTurn(ref, now)
        return turn && { ...turn, ...refs.get(ref.turnId) }
      },
    }
  },
}
