import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { watchDatabase } from './databases.fixture.js'
import { createSqliteStore } from './index.js'

/** What may be looked through from end to end: a row or two, what is live, what another part has found. */
const short = /^SCAN (live_turns( USING COVERING INDEX \w+)?|probe|totals|CONSTANT ROW|\(subquery-\d+\))$/

it('no statement looks through a table that grows', async () => {
  const database = new DatabaseSync(':memory:')
  const watched = watchDatabase(database)
  const store = createSqliteStore({ database: watched })
  await store.open()
  // The first one in the order of an index is found without looking further.
  const statements = watched.prepared.filter(
    (sql) => /^\s*(SELECT|UPDATE|DELETE|INSERT)/.test(sql) && !sql.endsWith('LIMIT 1'),
  )
  expect(statements.length).toBeGreaterThan(30)
  const scans = statements.flatMap((sql) => {
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]
    return steps
      .map(({ detail }) => detail)
      .filter((detail) => /^(SCAN|USE TEMP)/.test(detail))
      .filter((detail) => !short.test(detail))
      .map((detail) => `${detail}: ${sql}`)
  })
  expect(scans).toEqual([])
  await store.close()
})
