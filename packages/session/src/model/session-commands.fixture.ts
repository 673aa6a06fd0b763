import assert from 'node:assert/strict'
import {
  type Command,
  checkGone,
  codeOf,
  command,
  hasSessions,
  type Moves,
  pick,
  refOf,
  sessionsOf,
} from './command.fixture.js'
import type { Result } from './model-world.fixture.js'

/** Makes a session. */
export function create(owner: string, ttlMs: number | undefined, moves: Moves): Command {
  return command(
    `create a session of ${owner}${ttlMs === undefined ? '' : ` for ${ttlMs} ms`}`,
    moves,
    (world) => {
      const metadata = { made: 'so' }
      const options = { metadata, ...(ttlMs === undefined ? {} : { ttlMs }) }
      world.follow('create', world.manager.ownedBy(owner).sessions.create(options), (result) => {
        if ('error' in result) {
          assert.equal(result.error.code, 'session_capacity_reached')
          assert.equal(world.limits.maxSessions, 6, 'there was room for one more')
          return
        }
        const { sessionId, ...made } = result.value
        const known = world.model.sessions.find((each) => each.made.sessionId === sessionId)
        assert.deepStrictEqual(known?.made.metadata, made.metadata)
        assert.deepStrictEqual([made.owner, made.ttlMs, made.metadata], [owner, ttlMs ?? 60_000, metadata])
      })
    },
  )
}

/** Changes a session. A number names it, for this and what follows: 0 is the latest one that is there. */
export function update(n: number, isStranger: boolean, change: Change, moves: Moves): Command {
  const name = `update session ${n}${isStranger ? ' of somebody else' : ''} ${JSON.stringify(change)}`
  return command(
    name,
    moves,
    (world) => {
      const ref = refOf(pick(sessionsOf(world), n), isStranger)
      const asked = world.manager.ownedBy(ref.owner).sessions.update(ref.sessionId, change)
      world.follow('update', asked, (result) => {
        if ('error' in result) {
          assert.equal(result.error.code, 'session_not_found')
          checkGone(world, ref)
          return
        }
        const { metadata, ttlMs } = result.value
        const mood = change.metadata?.mood
        if (mood !== undefined) assert.equal(metadata['mood'], mood ?? undefined)
        if (change.ttlMs !== undefined) assert.equal(ttlMs, change.ttlMs)
      })
    },
    hasSessions,
  )
}

/** What to change in a session. */
export interface Change {
  readonly metadata?: { readonly mood: string | null }
  readonly ttlMs?: number
}

/** Deletes a session. */
export function remove(n: number, isStranger: boolean, moves: Moves): Command {
  return command(
    `delete session ${n}${isStranger ? ' of somebody else' : ''}`,
    moves,
    (world) => {
      const session = pick(sessionsOf(world), n)
      const ref = refOf(session, isStranger)
      const { sessionId } = ref
      if (!isStranger) world.notes.deleting.add(sessionId)
      const asked = world.manager.ownedBy(ref.owner).sessions.delete(sessionId)
      const mayWait = () => session.running !== null || session.line.length > 0
      const look = (result: Result<void>) => {
        if (codeOf(result) === 'shutting_down') {
          assert(world.isClosing)
          return
        }
        assert('value' in result || result.error.code === 'session_not_found')
        assert('error' in result || !isStranger)
        assert(!world.isThere(ref), `${sessionId}: deleted, and still there`)
      }
      world.follow(`delete ${sessionId}`, asked, look, mayWait)
    },
    hasSessions,
  )
}
