export type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.js'
export { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js'
