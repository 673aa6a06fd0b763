import { changedEvents, changedMessages, changedSession, changedTurn } from './changed-results.fixture.js'
import { remembering } from './remembering.fixture.js'
import { type Mistakes, without } from './wrong-store.fixture.js'

export const interruptMistakes: Mistakes = {
  'tells a reason of its own': (right) => ({
    interruptAbandoned: (now) => right.interruptAbandoned(now, 'abandoned'),
  }),
  'keeps no text in the event of the interruption': changedEvents((events) =>
    events.map((event) => (event.type === 'turn.interrupted' ? { ...event, content: '' } : event)),
  ),
  'makes history of interrupted turns in any order': (right) => {
    const interrupted = new Set<string>()
    return {
      async interruptAbandoned(...given) {
        const turns = await right.interruptAbandoned(...given)
        for (const { turnId } of turns) interrupted.add(turnId)
        return turns
      },
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        if (accepted.outcome !== 'accepted') return accepted
        const isOne = ({ turnId }: { readonly turnId: string }) => interrupted.has(turnId)
        const kept = accepted.history.filter((message) => !isOne(message))
        return { ...accepted, history: [...kept, ...accepted.history.filter(isOne).toReversed()] }
      },
    }
  },
  'keeps no text of an interrupted turn': (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      return page && { ...page, messages: page.messages.filter(({ status }) => status === 'complete') }
    },
  }),
  'loses the functions that an interrupted turn had called': changedMessages((message) =>
    message.status === 'partial' ? without(message, 'functionsCalled') : message,
  ),
  'forgets calls that were never answered': changedMessages((message) => {
    const answered = message.functionsCalled?.filter((call) => 'result' in call || 'error' in call)
    return answered === undefined ? message : { ...message, functionsCalled: answered }
  }),
  'keeps the beginning of the text only': changedMessages((message) =>
    message.status === 'partial' ? { ...message, content: message.content.slice(0, 5) } : message,
  ),
  'gives all partial messages the same id': changedMessages((message) =>
    message.status === 'partial' ? { ...message, messageId: 'msg_partial' } : message,
  ),
  'gives a partial message the id of the question': changedMessages((message) =>
    message.status === 'partial' ? { ...message, messageId: `msg_user_${message.turnId}` } : message,
  ),
  'gives a partial message the id that its turn would have as a message': changedMessages((message) =>
    message.status === 'partial'
      ? { ...message, messageId: message.turnId.replace(/^turn_/, 'msg_') }
      : message,
  ),
  'gives a partial message the id of its turn': changedMessages((message) =>
    message.status === 'partial' ? { ...message, messageId: message.turnId } : message,
  ),
  'does not tell when an interrupted turn ended': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, endedAt: null } : turn,
  ),
  'counts no events of an interrupted turn': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, lastSeq: 0 } : turn,
  ),
  'leaves the event of the interruption out of lastSeq': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, lastSeq: turn.lastSeq - 1 } : turn,
  ),
  'ends an interrupted turn at the end of its lease': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, endedAt: turn.createdAt + 30_000 } : turn,
  ),
  'calls an interrupted turn failed': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, status: 'failed' } : turn,
  ),
  'leaves the session busy with the interrupted turn': remembering((memory) =>
    changedSession((session) => {
      const turn = memory.interrupted.findLast(({ sessionId }) => sessionId === session.sessionId)
      return turn === undefined ? session : { ...session, activeTurnId: turn.turnId }
    }),
  ),
  'accepts no message after an interrupted turn': remembering((memory) => (right) => ({
    async acceptTurn(request) {
      const turn = memory.interrupted.find(({ sessionId }) => sessionId === request.ref.sessionId)
      return turn === undefined
        ? right.acceptTurn(request)
        : { outcome: 'turn_in_progress', turnId: turn.turnId }
    },
  })),
  'never collects a session with an interrupted turn': remembering((memory) => (right) => ({
    collectExpired: async (now, limit) =>
      memory.interrupted.length > 0 ? 0 : right.collectExpired(now, limit),
  })),
  'never evicts a session with an interrupted turn': remembering((memory) => (right) => ({
    createSession: async (session, bound) =>
      right.createSession(session, memory.interrupted.length > 0 ? { ...bound, whenFull: 'reject' } : bound),
  })),
  'forgets the state when it interrupts': remembering((memory) => (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'accepted' && memory.interrupted.length > 0
        ? { ...accepted, state: null }
        : accepted
    },
  })),
}
