import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createSessionManager, type SessionExport } from '@colloquy/session'
import { createSqliteStore } from '@colloquy/session/sqlite'
import { runMain } from '../run-main.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

/** What a test says of the sessions that a file has: how many messages were answered in each, by owner. */
export type Wanted = Readonly<Record<string, readonly number[]>>

/** A folder with the file of a store in it, and how to call the command there. */
export interface StoreFolder {
  readonly cwd: string
  readonly path: string
  /** Runs `colloquy sessions` with the store of the folder `data`. */
  readonly sessions: (...argv: string[]) => ReturnType<typeof runMain>
  /** All sessions of a file, none where there is none. Default: the one in `data`. */
  readonly exported: (file?: string) => Promise<readonly SessionExport[]>
}

/** Makes a folder whose `data/colloquy.db` has these sessions, as a server has left them. */
export async function storeFolder(wanted: Wanted): Promise<StoreFolder> {
  const cwd = writeFolder({ 'data/.keep': '' })
  const path = join(cwd, 'data/colloquy.db')
  const manager = createSessionManager({
    store: createSqliteStore({ path }),
    chat: {
      name: 'echo',
      reply: async function* (message) {
        yield `You said: ${message}`
        yield { type: 'state', state: { said: message } }
      },
    },
  })
  await manager.start()
  for (const [owner, counts] of Object.entries(wanted)) {
    const scope = manager.ownedBy(owner)
    for (const turns of counts) {
      const { sessionId } = await scope.sessions.create({ metadata: { of: owner } })
      for (let turn = 1; turn <= turns; turn += 1) {
        const key = { key: `${sessionId}-${turn}`, fingerprint: 'body' }
        const { ended } = await scope.startTurn({ sessionId, message: `line\u2028${turn}`, key })
        await ended
      }
    }
  }
  await manager.close()
  return {
    cwd,
    path,
    sessions: (command = '', ...argv) =>
      runMain(['sessions', command, '--data-dir', 'data', ...argv], { cwd }),
    exported: (file = path) => exportedFrom(file),
  }
}

async function exportedFrom(path: string): Promise<readonly SessionExport[]> {
  if (!existsSync(path)) return []
  const store = createSqliteStore({ path })
  await store.open()
  const sessions: SessionExport[] = []
  for await (const session of store.exportSessions({}, Date.now())) sessions.push(session)
  await store.close()
  return sessions
}
