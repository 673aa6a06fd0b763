import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createMemoryStore } from '../memory/index.js'
import type { SessionStore } from '../session-store.js'
import { createSqliteStore } from '../sqlite/index.js'

/** A store that is held to the model. */
export interface ModelStore {
  readonly name: string
  /** Whether the manager is told that nobody else has it. */
  readonly isExclusive: boolean
  /** A store with nothing in it. */
  readonly make: () => StoreLives
}

/** The lives of one store: what one leaves, the next one finds. */
export interface StoreLives {
  readonly store: SessionStore
  /** The store as a new process finds it. @param isClosed whether the last one was closed; it may have been cut off */
  readonly reopen: (isClosed: boolean) => Promise<SessionStore>
  /** What is in the closed store, in words, as far as it can be looked into. */
  readonly leftovers: () => Promise<readonly string[]>
  /** Frees what they took. */
  readonly dispose: () => Promise<void>
}

/** The memory store stands in for one that outlives its process: whoever restarts is handed the same one again. */
const memory: ModelStore = {
  name: 'memory',
  isExclusive: true,
  make() {
    const store = createMemoryStore()
    return { store, reopen: async () => store, leftovers: async () => [], dispose: async () => {} }
  },
}

/** In memory where there is such a place: what is tried here is not the disk. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A process that is cut off leaves its files as they are: here they are copied, because in this process nothing lets go of them. */
const sqlite: ModelStore = {
  name: 'SQLite',
  isExclusive: true,
  make() {
    const folder = mkdtempSync(join(place, 'colloquy-model-'))
    let file = join(folder, '0.db')
    let store = createSqliteStore({ path: file })
    let lives = 0
    return {
      store,
      async reopen(isClosed) {
        if (!isClosed) {
          lives += 1
          const copy = join(folder, `${lives}.db`)
          for (const end of ['', '-wal']) if (existsSync(file + end)) copyFileSync(file + end, copy + end)
          await store.close()
          file = copy
        }
        store = createSqliteStore({ path: file })
        return store
      },
      leftovers: async () => rowsIn(file),
      async dispose() {
        await store.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
}

/** The tables that have to be empty when there are no sessions, and are not. */
function rowsIn(file: string): string[] {
  const database = new DatabaseSync(file)
  try {
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
    return tables.flatMap(({ name }) => {
      if (['sqlite_sequence', 'totals', 'probe'].includes(String(name))) return []
      const { count } = database.prepare(`SELECT count(*) AS count FROM ${String(name)}`).get() ?? {}
      return count === 0 ? [] : [`${String(count)} rows in ${String(name)}`]
    })
  } finally {
    database.close()
  }
}

/** The stores that are held to the model. */
export const modelStores: readonly ModelStore[] = [
  memory,
  { ...memory, name: 'memory, as if it was shared,', isExclusive: false },
  sqlite,
]
