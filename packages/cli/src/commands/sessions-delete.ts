import type { SessionRef } from '@colloquy/session'
import type { SqliteStore } from '@colloquy/session/sqlite'
import type { Surroundings } from '../main-options.js'
import { shown } from '../output/shown.js'
import { confirm } from '../sessions/confirm.js'
import { countOf } from '../sessions/count-of.js'
import { unclearDeletion } from '../sessions/deletion-place.js'
import type { StoreFlags } from '../sessions/store-path.js'
import { withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions delete` without ids. */
export interface SessionsDeleteFlags extends StoreFlags {
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly yes?: boolean | undefined
  readonly json?: boolean | undefined
}

/** What is meant: all sessions of an owner, or one. */
type Meant = { readonly owner: string } | { readonly sessionId: string; readonly owner: string | undefined }

/** How many sessions are looked at together. */
const pageSize = 200

/**
 * Deletes sessions of a file with everything of them, and writes the file anew, so that nothing of them is left in it. Writes it anew
 * also where none is there any more: the running server may have deleted them, or a run before this one was stopped.
 *
 * @throws CommandError when it is not said which, nobody has confirmed it, or the store can't be used
 */
export async function sessionsDeleteCommand(
  { owner, session, yes = false, json = false, ...flags }: SessionsDeleteFlags,
  surroundings: Surroundings,
): Promise<void> {
  const meant = meantBy(owner, session)
  const { stdout, stderr } = surroundings
  await withStoreFile(flags, surroundings, async ({ store, path }) => {
    const tell = (deleted: number, text: string) =>
      stdout.write(json ? `${JSON.stringify({ deleted })}\n` : `${text}\n`)
    const now = Date.now()
    const count = await countMeant(store, meant, now)
    if (count === 0) {
      tell(0, `${path} does not have ${nameOf(meant, 'any session')}: nothing was deleted.`)
    } else if (yes || (await confirm(`Delete ${nameOf(meant, countOf(count))} in ${path}?`, surroundings))) {
      let deleted = 0
      for await (const ref of refsOf(store, meant, now)) if (await store.deleteSession(ref, now)) deleted += 1
      tell(deleted, `Deleted ${countOf(deleted)}.`)
    } else {
      tell(0, 'Nothing was deleted.')
      return
    }
    if (stderr.isTTY === true) stderr.write(`Writing ${path} anew, so that nothing of them is left in it …\n`)
    await store.collectExpired(now, Number.MAX_SAFE_INTEGER) // theirs are to be gone as well
    await store.compact()
  })
}

function meantBy(owner: string | undefined, sessionId: string | undefined): Meant {
  if (sessionId !== undefined) return { sessionId, owner }
  if (owner !== undefined) return { owner }
  throw unclearDeletion()
}

/** What is meant, behind `Delete` or `does not have`. @param how many they are, where it is not one that is named */
function nameOf(meant: Meant, howMany: string): string {
  if ('sessionId' in meant) return `the session ${shown(meant.sessionId)}`
  return `${howMany} ${meant.owner === '' ? 'without an owner' : `of ${shown(meant.owner)}`}`
}

async function countMeant(store: SqliteStore, meant: Meant, now: number): Promise<number> {
  let count = 0
  const refs = refsOf(store, meant, now)
  while ((await refs.next()).done !== true) count += 1
  return count
}

/** The sessions that are meant, one by one; each may be deleted before the next one is asked for. */
async function* refsOf(store: SqliteStore, meant: Meant, now: number): AsyncGenerator<SessionRef> {
  if ('sessionId' in meant) {
    const { sessionId, owner } = meant
    yield* store.exportSessions(owner === undefined ? { sessionId } : { sessionId, owner }, now)
    return
  }
  const { owner } = meant
  let page = await store.listSessions({ owner, limit: pageSize }, now)
  for (;;) {
    yield* page.sessions
    const after = page.sessions.at(-1)
    if (after === undefined || !page.more) return
    page = await store.listSessions({ owner, limit: pageSize, after }, now)
  }
}
