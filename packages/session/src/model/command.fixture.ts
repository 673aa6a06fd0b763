import assert from 'node:assert/strict'
import type * as fc from 'fast-check'
import type { SessionError } from '../session-error.js'
import type { SessionRef } from '../session-store.js'
import { isThere, type SessionModel } from './model-records.fixture.js'
import type { ModelWorld, Move, Result } from './model-world.fixture.js'

/** Something that is done with a manager, and held to the model. */
export type Command = fc.AsyncCommand<ModelWorld, ModelWorld>

/** What moves after a command: everything until nothing does any more, or some of what goes to the store and back. */
export type Moves = 'all' | readonly Move[]

/** Whose the sessions are. */
export const owners = ['ann', 'bob'] as const

/** A command that moves something. */
export function command(
  name: string,
  moves: Moves,
  run: (world: ModelWorld) => Promise<void> | void,
  check: (world: ModelWorld) => boolean = () => true,
): Command {
  return {
    check,
    async run(world) {
      await run(world)
      if (moves === 'all') await world.settle()
      else await world.deliver(moves)
      world.check()
    },
    toString: () => (moves === 'all' ? name : `${name} ⇢ ${moves.join(',') || 'nothing moves'}`),
  }
}

/** What a number means: 0 is the last one. */
export function pick<Item>(items: readonly Item[], n: number): Item {
  return items.at(-1 - (n % items.length)) as Item
}

/** All sessions that were ever made, those that are there last: so that they are meant more often. */
export function sessionsOf({ model, now }: ModelWorld): readonly SessionModel[] {
  return model.sessions.toSorted((one, other) => Number(isThere(one, now)) - Number(isThere(other, now)))
}

/** Names a session on behalf of its owner, or of somebody else. */
export function refOf({ made }: SessionModel, isStranger: boolean): SessionRef {
  const owner = isStranger ? (owners.find((other) => other !== made.owner) ?? '') : made.owner
  return { owner, sessionId: made.sessionId }
}

/** Whether there is one to name. */
export const hasSessions = ({ model }: ModelWorld) => model.sessions.length > 0

/** The codes of what was refused. */
export function codeOf(result: Result<unknown>): SessionError['code'] | undefined {
  return 'error' in result ? result.error.code : undefined
}

/** Holds a refusal for want of a session to there being none. */
export function checkGone(world: ModelWorld, ref: SessionRef): void {
  assert(
    world.notes.deleting.has(ref.sessionId) || !world.isThere(ref),
    `${ref.sessionId}: said not to be there, and it is`,
  )
}
