import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.js'

/** In memory where there is such a place: hundreds of stores are opened, and each waits for the disk several times. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A path for a file in a folder of its own, which goes with the test. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(place, 'colloquy-sqlite-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'colloquy.db')
}

/** What happens at a database, and what is to happen. */
export interface WatchedDatabase extends SqliteDatabase {
  /** What was done, statement by statement. */
  readonly done: string[]
  /** What was prepared. */
  readonly prepared: string[]
  /** Is asked before each statement; throws what SQLite would. */
  before: (sql: string, values: readonly SqliteValue[]) => void
}

/** A database whose every statement is told, and can be made to fail. */
export function watchDatabase(database: SqliteDatabase): WatchedDatabase {
  const done: string[] = []
  const prepared: string[] = []
  const act = (sql: string, values: readonly SqliteValue[]) => {
    watched.before(sql, values)
    done.push(sql)
  }
  const watched: WatchedDatabase = {
    done,
    prepared,
    before: () => {},
    exec(sql) {
      act(sql, [])
      return database.exec(sql)
    },
    prepare(sql) {
      prepared.push(sql)
      const statement = database.prepare(sql)
      const told =
        <Result>(call: (...values: SqliteValue[]) => Result) =>
        (...values: SqliteValue[]) => {
          act(sql, values)
          return call.apply(statement, values)
        }
      const { run, get, all, iterate } = statement
      return { run: told(run), get: told(get), all: told(all), iterate: told(iterate) }
    },
    close: () => database.close(),
  }
  return watched
}

/** An error as `node:sqlite` throws it. */
export function sqliteError(errcode: number, message: string): Error {
  return Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode })
}

/**
 * A database that behaves as better-sqlite3's does where that differs: plain rows, errors by name, statements that return
 * nothing have no `get` and `all`, and a text is one statement only.
 */
export function betterDatabase(path: string): SqliteDatabase {
  const database = new DatabaseSync(path)
  const named = <Result>(call: () => Result): Result => {
    try {
      return call()
    } catch (error) {
      if (!(error instanceof Error) || !('errcode' in error)) throw error
      const names: Record<number, string> = {
        5: 'SQLITE_BUSY',
        13: 'SQLITE_FULL',
        19: 'SQLITE_CONSTRAINT_UNIQUE',
      }
      const code = names[Number(error.errcode) & 0xff] ?? 'SQLITE_ERROR'
      throw Object.assign(new Error(error.message), { name: 'SqliteError', code })
    }
  }
  const plain = (row: unknown) => (row === undefined ? undefined : { ...(row as object) })
  return {
    exec(sql) {
      named(() => database.exec(sql))
      return this
    },
    prepare(sql): SqliteStatement {
      const statement = named(() => database.prepare(sql))
      const isReader = statement.columns().length > 0
      const reading = <Result>(call: () => Result): Result => {
        if (!isReader) throw new TypeError('This statement does not return data. Use run() instead')
        return named(call)
      }
      return {
        run(...values) {
          if (isReader)
            throw new TypeError('This statement returns data. Use get(), all(), or iterate() instead')
          return named(() => statement.run(...values))
        },
        get: (...values) => reading(() => plain(statement.get(...values))),
        all: (...values) => reading(() => statement.all(...values).map(plain)),
        *iterate(...values) {
          for (const row of reading(() => statement.iterate(...values))) yield plain(row)
        },
      }
    },
    close() {
      database.close()
      return this
    },
  }
}
