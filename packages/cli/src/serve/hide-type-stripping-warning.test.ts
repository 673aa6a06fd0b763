import { expect, it, onTestFinished } from 'vitest'
import { hideTypeStrippingWarning } from './hide-type-stripping-warning.js'

it('hides the warning about type stripping while a module is loaded, and no other', async () => {
  const emitWarning = process.emitWarning
  const seen: unknown[] = []
  process.emitWarning = (...warning: unknown[]) => seen.push(warning[0])
  onTestFinished(() => {
    process.emitWarning = emitWarning
  })
  const text = 'Type Stripping is an experimental feature and might change at any time'
  const load = async () => {
    process.emitWarning(text, 'ExperimentalWarning')
    process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning')
    process.emitWarning(text)
    return 'loaded'
  }
  expect(await hideTypeStrippingWarning(load)).toBe('loaded')
  expect(seen).toEqual(['SQLite is an experimental feature', text])
  process.emitWarning(text, 'ExperimentalWarning')
  expect(seen).toHaveLength(3)
})
