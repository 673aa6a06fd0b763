import assert from 'node:assert/strict'
import type {
  AcceptOutcome,
  AcceptRequest,
  SessionStore,
  StartOutcome,
  StartRequest,
} from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { lease, mine, ref, request, start, startedTurn } from './store-fixture.js'

/** What a message is told whose turn has to wait. */
export type Queued = Extract<AcceptOutcome, { outcome: 'queued' }>

/** What a turn is told that has waited. */
export type Started = Extract<StartOutcome, { outcome: 'started' }>

/** A turn of the session whose line the tests look at; the first one runs. */
export const nth = (n: number): TurnRef => ref('sess_1', `turn_${n}`)

/** What is asked in it. */
export const question = (n: number): string => `question ${n}`

/** A message that may wait behind others. */
export const queueing = { onBusy: { kind: 'queue', limit: 100 } } as const

/** A message that is to take the place of what runs. */
export const interrupting = { onBusy: { kind: 'interrupt' } } as const

/** Accepts the message of a turn that has to wait: behind all others unless the changes say otherwise. */
export async function wait(
  store: SessionStore,
  n: number,
  changes: Partial<AcceptRequest> = {},
): Promise<Queued> {
  const accepted = await store.acceptTurn(request(nth(n), question(n), { ...queueing, ...changes }))
  assert(accepted.outcome === 'queued', `turn ${n} is ${accepted.outcome}, and should wait`)
  return accepted
}

/** Makes a session whose first turn runs, and whose others wait. */
export async function lineOf(store: SessionStore, turns: number): Promise<void> {
  await startedTurn(store, nth(1), question(1))
  for (let n = 2; n <= turns; n += 1) await wait(store, n)
}

/** Asks that a turn may run. */
export function ask(
  store: SessionStore,
  n: number,
  changes: Partial<StartRequest> = {},
): Promise<StartOutcome> {
  return store.startTurn(nth(n), { lease, historyLimit: 10, now: start, ...changes })
}

/** Lets a turn run that is next. */
export async function begin(
  store: SessionStore,
  n: number,
  changes: Partial<StartRequest> = {},
): Promise<Started> {
  const outcome = await ask(store, n, changes)
  assert(outcome.outcome === 'started', `turn ${n} is ${outcome.outcome}, and should begin`)
  return outcome
}

/** What turns are told that ask, one after the other, to run: their place, that they have begun, or that they are gone. */
export async function places(
  store: SessionStore,
  turns: readonly number[],
): Promise<readonly (number | string)[]> {
  const told: (number | string)[] = []
  for (const n of turns) {
    const outcome = await ask(store, n)
    told.push(outcome.outcome === 'waiting' ? outcome.position : outcome.outcome)
  }
  return told
}

/** The statuses of the session's turns, in the order in which they were accepted. */
export async function statuses(store: SessionStore, now = start): Promise<readonly string[] | undefined> {
  const page = await store.listTurns(mine('sess_1'), { order: 'asc', limit: 100 }, now)
  return page?.turns.map(({ status }) => status)
}

/** What the session's messages say, in the order in which they were accepted. */
export async function said(store: SessionStore, now = start): Promise<readonly string[] | undefined> {
  const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 100 }, now)
  return page?.messages.map(({ content }) => content)
}
