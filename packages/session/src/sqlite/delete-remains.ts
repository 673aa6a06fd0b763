import type { Tables } from './tables.js'
import { createTimeSlice } from './time-slice.js'

/** How many keys, or rows of events, are deleted by one statement: most are short. */
const manyRows = 50

/** How many messages: each may have a megabyte. */
const fewRows = 10

/** Deletes what is left of removed sessions, as much as the time allows; returns whether that was all. */
export function deleteRemains(tables: Tables): boolean {
  const slice = createTimeSlice()
  while (!slice.isOver()) {
    const session = tables.removed.first()
    if (session === undefined) return true
    deleteSome(tables, session)
  }
  return false
}

function deleteSome({ turns, events, keys, messages, states, removed }: Tables, session: number): void {
  const turn = turns.first(session)
  if (turn !== undefined) {
    if (events.delete(turn, manyRows) === manyRows) return
    keys.delete(turn)
    turns.delete(turn) // last: another turn may get its id then
    return
  }
  if (messages.delete(session, fewRows) === fewRows) return
  states.delete(session)
  removed.delete(session)
}

/** Deletes keys that have run out, as many as the time allows; returns whether that was all. */
export function deleteKeys({ keys }: Tables, now: number): boolean {
  const slice = createTimeSlice()
  while (!slice.isOver()) if (keys.collect(now, manyRows) < manyRows) return true
  return false
}
