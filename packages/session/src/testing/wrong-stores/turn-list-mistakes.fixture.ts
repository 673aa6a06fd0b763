import type { PageRequest, TurnPage, TurnRecord } from '../../session-store.js'
import { changedTurn } from './changed-results.fixture.js'
import { neverBegan } from './line-view.fixture.js'
import { remembering } from './remembering.fixture.js'
import { type Mistake, type Mistakes, without } from './wrong-store.fixture.js'

/** Returns pages of turns otherwise than they are. */
function changedPage(change: (page: TurnPage, request: PageRequest) => TurnPage | undefined): Mistake {
  return (right) => ({
    async listTurns(ref, request, now) {
      const page = await right.listTurns(ref, request, now)
      return page && change(page, request)
    },
  })
}

/** Asks for other pages of turns. */
function changedRequest(change: (request: PageRequest) => PageRequest): Mistake {
  return (right) => ({ listTurns: (ref, request, now) => right.listTurns(ref, change(request), now) })
}

const only = (is: (turn: TurnRecord) => boolean): Mistake =>
  changedPage((page) => ({ ...page, turns: page.turns.filter(is) }))

const ordered = (by: (turn: TurnRecord) => number): Mistake =>
  changedPage((page) => ({ ...page, turns: page.turns.toSorted((a, b) => by(a) - by(b)) }))

/** Returns turns otherwise than they are, alone and in a list. */
const changed =
  (change: (turn: TurnRecord) => TurnRecord): Mistake =>
  (right) => ({
    ...changedTurn(change)(right),
    ...changedPage((page) => ({ ...page, turns: page.turns.map(change) }))(right),
  })

export const turnListMistakes: Mistakes = {
  'lists no turns that wait': only(({ status }) => status !== 'queued'),
  'lists no turns that run': only(({ status }) => status !== 'running'),
  'lists no turns that never began': only((turn) => !neverBegan(turn)),
  'lists turns that were answered only': only(({ status }) => status === 'completed'),
  'lists turns without their ends': changedPage((page) => ({
    ...page,
    turns: page.turns.map((turn) => ({ ...turn, final: null })),
  })),
  'lists turns as they were accepted': changedPage((page) => ({
    ...page,
    turns: page.turns.map((turn) => ({ ...turn, lastSeq: 1 })),
  })),
  'returns one turn more than is wanted': changedRequest((request) => ({
    ...request,
    limit: request.limit + 1,
  })),
  'returns one turn less than is wanted': changedRequest((request) => ({
    ...request,
    limit: request.limit - 1,
  })),
  'begins every page at the first turn': changedRequest((request) => without(request, 'after')),
  'begins a page of turns with the turn before it': changedRequest((request) =>
    request.after === undefined
      ? request
      : { ...request, after: request.after + (request.order === 'asc' ? -1 : 1) },
  ),
  'takes a position for a number of turns to skip': changedPage((page, { order, limit, after }) =>
    order === 'asc' || after === undefined
      ? page
      : { turns: page.turns.filter(({ position }) => position > after - limit), more: page.more },
  ),
  'lists turns in one order only': changedRequest((request) => ({ ...request, order: 'asc' })),
  'never tells that there are more turns': changedPage((page) => ({ ...page, more: false })),
  'promises more turns after every full page': changedPage((page, { limit }) => ({
    ...page,
    more: page.turns.length === limit,
  })),
  'numbers turns from 0': changed((turn) => ({ ...turn, position: turn.position - 1 })),
  'numbers the turns of a page': changedPage((page) => ({
    ...page,
    turns: page.turns.map((turn, index) => ({ ...turn, position: index + 1 })),
  })),
  'numbers turns as the messages': changed((turn) => ({ ...turn, position: 2 * turn.position - 1 })),
  'lists turns by their positions as texts': changedPage((page, { order }) => ({
    ...page,
    turns: page.turns.toSorted((a, b) =>
      String(a.position) < String(b.position) === (order === 'asc') ? -1 : 1,
    ),
  })),
  'lists turns by the time of acceptance': ordered(({ createdAt }) => createdAt),
  'lists turns in the order in which they began': ordered(
    ({ startedAt, position }) => (startedAt ?? Number.MAX_SAFE_INTEGER - 100) + position / 100,
  ),
  'lists turns in the order in which they ended': ordered(
    ({ endedAt, position }) => (endedAt ?? Number.MAX_SAFE_INTEGER - 100) + position / 100,
  ),
  'takes the place in line for the position': changed((turn) =>
    turn.status === 'running' ? { ...turn, position: 1 } : turn,
  ),
  'takes a position for a message that it refuses': (right) => {
    let refused = 0
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (told.outcome === 'turn_in_progress' || told.outcome === 'queue_full') refused += 1
        return told
      },
      async listTurns(ref, request, now) {
        const page = await right.listTurns(ref, request, now)
        const shift = (turn: TurnRecord) =>
          turn.status === 'queued' ? { ...turn, position: turn.position + refused } : turn
        return page && { ...page, turns: page.turns.map(shift) }
      },
    }
  },
  'numbers the turns of all sessions together': remembering((memory) =>
    changed((turn) => ({
      ...turn,
      position: memory.accepted.findIndex(({ turnId }) => turnId === turn.turnId) + 1,
    })),
  ),
  'goes on numbering where a deleted session with the same id ended': (right) => {
    const counts = new Map<string, number>()
    return {
      async deleteSession(session, now) {
        const page = await right.listTurns(session, { order: 'asc', limit: 1_000 }, now)
        counts.set(session.sessionId, page?.turns.length ?? 0)
        return right.deleteSession(session, now)
      },
      async listTurns(ref, request, now) {
        const page = await right.listTurns(ref, request, now)
        const before = counts.get(ref.sessionId) ?? 0
        return (
          page && {
            ...page,
            turns: page.turns.map((turn) => ({ ...turn, position: turn.position + before })),
          }
        )
      },
    }
  },
  'lists the turns of a deleted session': (right) => {
    const listed = new Map<string, TurnPage>()
    return {
      async listTurns(ref, request, now) {
        const page = (await right.listTurns(ref, request, now)) ?? listed.get(ref.sessionId)
        if (page !== undefined) listed.set(ref.sessionId, page)
        return page
      },
    }
  },
  'lists the turns of an expired session': (right) => ({
    listTurns: (ref, request) => right.listTurns(ref, request, 0),
  }),
  'lists turns for every owner': (right) => ({
    listTurns: (ref, request, now) => right.listTurns({ ...ref, owner: 'owner-1' }, request, now),
  }),
  'returns no turns instead of none at all for an unknown session': (right) => ({
    listTurns: async (ref, request, now) =>
      (await right.listTurns(ref, request, now)) ?? { turns: [], more: false },
  }),
  'has no list for a session without turns': changedPage((page) =>
    page.turns.length === 0 ? undefined : page,
  ),
  'moves the pages when turns are added': (right) => {
    let added = 0
    return {
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        if (told.outcome === 'accepted') added += 1
        return told
      },
      listTurns: (ref, request, now) =>
        right.listTurns(
          ref,
          request.after !== undefined && request.order === 'desc' && added > 4
            ? { ...request, after: request.after + 1 }
            : request,
          now,
        ),
    }
  },
  'tells no functions of turns that left no message': changed((turn) =>
    turn.final !== null && turn.final.content === '' ? { ...turn, functionsCalled: [] } : turn,
  ),
  'tells the functions of answered turns only': changed((turn) =>
    turn.status === 'completed' ? turn : { ...turn, functionsCalled: [] },
  ),
  'tells the functions of answered turns from their final event': changed((turn) =>
    turn.final?.type === 'turn.completed' ? { ...turn, functionsCalled: turn.final.functionsCalled } : turn,
  ),
  'tells no answers of functions that are null or empty': changed((turn) => ({
    ...turn,
    functionsCalled: turn.functionsCalled.map((call) =>
      ('result' in call && !call.result) || ('error' in call && !call.error)
        ? without({ result: null, error: '', ...call }, 'result', 'error')
        : call,
    ),
  })),
  'tells final events without their numbers': changed((turn) =>
    turn.final === null ? turn : { ...turn, final: { ...turn.final, seq: 0 } },
  ),
  'tells the final events of answered turns only': changed((turn) =>
    turn.status === 'completed' ? turn : { ...turn, final: null },
  ),
  'tells functions while a turn runs': changed((turn) =>
    turn.status === 'running'
      ? { ...turn, functionsCalled: [{ callId: 'c1', name: 'lookup', arguments: {} }] }
      : turn,
  ),
  'goes on adding to the list that it has returned': (right) => {
    const returned: TurnRecord[][] = []
    return {
      async listTurns(ref, request, now) {
        const page = await right.listTurns(ref, request, now)
        const turns = [...(page?.turns ?? [])]
        returned.push(turns)
        return page && { ...page, turns }
      },
      async acceptTurn(request) {
        const told = await right.acceptTurn(request)
        const turn = await right.getTurn(request.ref, request.now)
        if (turn !== undefined) for (const turns of returned) turns.push(turn)
        return told
      },
    }
  },
}
