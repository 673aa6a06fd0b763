import { expect, it, onTestFinished } from 'vitest'
import { hideSqliteWarning } from './hide-sqlite-warning.js'

it('hides the warning about SQLite while it is loaded, and no other', async () => {
  const emitWarning = process.emitWarning
  const seen: unknown[] = []
  process.emitWarning = (...warning: unknown[]) => seen.push(warning[0])
  onTestFinished(() => {
    process.emitWarning = emitWarning
  })
  const text = 'SQLite is an experimental feature and might change at any time'
  const load = async () => {
    process.emitWarning(text, 'ExperimentalWarning')
    process.emitWarning('Type Stripping is an experimental feature', 'ExperimentalWarning')
    process.emitWarning(text)
    return 'loaded'
  }
  expect(await hideSqliteWarning(load)).toBe('loaded')
  expect(seen).toEqual(['Type Stripping is an experimental feature', text])
  process.emitWarning(text, 'ExperimentalWarning')
  expect(seen).toHaveLength(3)
})
