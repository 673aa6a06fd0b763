import type { StartOutcome, StartRequest } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { beginTurn } from './begin-turn.js'
import type { Tables } from './tables.js'

/** Lets a turn that waits run, if it is its turn. */
export function startTurn(tables: Tables, ref: TurnRef, request: StartRequest): StartOutcome {
  const { sessions, turns, live, events } = tables
  const { lease, historyLimit, now } = request
  const row = live.find(ref)
  if (row === undefined || row.place === 0) return { outcome: 'gone' }
  const { active, waiting } = live.lineOf(row.session)
  const position = waiting.findIndex(({ turn }) => turn === row.turn) + 1
  if (active !== null || position > 1) return { outcome: 'waiting', position }
  const session = sessions.get(row)
  live.start(row.turn, lease)
  turns.start(row.turn, now)
  const lastSeq = events.lastSeq(row.turn)
  const beginning = beginTurn(tables, session, row, { lastSeq, historyLimit })
  return Object.assign(beginning, { outcome: 'started' } as const)
}
