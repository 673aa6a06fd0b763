import type { SessionExport } from '@colloquy/session'
import type { SqliteStore } from '@colloquy/session/sqlite'
import { failure } from '../command-error.js'
import { shown } from '../output/shown.js'
import { FaultList } from './fault-list.js'
import type { ImportSource } from './import-source.js'
import { readExport } from './read-export.js'
import type { Progress } from './show-progress.js'

/** What is to be imported, and how. */
export interface ImportOrder {
  readonly source: ImportSource
  /** What is to become of sessions that are there already. */
  readonly existing: 'refuse' | 'skip' | 'replace'
  /** In milliseconds since 1970. */
  readonly now: number
  /** Aborted when it is to stop. */
  readonly signal: AbortSignal
}

/** A fault, and what to do. */
type Fault = readonly [what: string, advice: string]

/**
 * Reads a whole export, and changes nothing. Of each session before, it remembers the id: that takes about 90 MB for
 * a million.
 *
 * @param store where it is to be imported; undefined where that is yet to be made, and has nothing
 * @throws CommandError with all that is in the way of the import; the signal's reason when that is aborted
 */
export async function checkImport(
  order: ImportOrder,
  store: SqliteStore | undefined,
  progress: Progress,
): Promise<void> {
  const { source, signal } = order
  const faults = new FaultList()
  const lines = new Map<string, number>()
  for await (const line of readExport(source)) {
    signal.throwIfAborted()
    progress.add(source.readPart())
    if ('fault' in line) {
      faults.add(line.number, line.fault)
      continue
    }
    const { session, number } = line
    const before = lines.get(session.sessionId)
    if (before === undefined) lines.set(session.sessionId, number)
    const fault = before === undefined ? await storeFault(session, store, order) : repeated(session, before)
    if (fault !== undefined) faults.add(number, ...fault)
  }
  if (await source.hasChanged()) {
    throw failure(
      `Somebody is writing to ${source.name} just now, so nothing was imported. Wait until it is whole.`,
    )
  }
  if (faults.count === 0) return
  const what = faults.count === 1 ? 'A line' : `${faults.count} lines`
  throw failure(`${what} of ${source.name} can't be imported, so nothing was:\n${faults.text()}`)
}

function repeated({ sessionId }: SessionExport, before: number): Fault {
  return [
    `the session ${sessionId} is in line ${before} already.`,
    'Of lines with the same session, leave one in the file.',
  ]
}

async function storeFault(
  { owner, sessionId }: SessionExport,
  store: SqliteStore | undefined,
  { existing, now }: ImportOrder,
): Promise<Fault | undefined> {
  if (store === undefined || existing === 'skip') return undefined
  if ((await store.getSession({ owner, sessionId }, now)) !== undefined) {
    return existing === 'replace'
      ? undefined
      : [
          `the session ${sessionId} is there already.`,
          'Leave sessions that are there as they are with --skip-existing, or replace them with --replace.',
        ]
  }
  for await (const foreign of store.exportSessions({ sessionId }, now)) {
    return [
      `the session ${sessionId} is there already, and ${belonging(foreign.owner)}.`,
      `A session of another owner is never replaced. Skip it with --skip-existing, or delete it first. Example: colloquy sessions delete --session ${sessionId}`,
    ]
  }
  return undefined
}

function belonging(owner: string): string {
  return owner === '' ? 'has no owner' : `belongs to ${shown(owner)}`
}
