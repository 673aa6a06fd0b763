import { expect, it, onTestFinished } from 'vitest'
import { hideExperimentalWarning } from './hide-experimental-warning.js'

const sqlite = 'SQLite is an experimental feature and might change at any time'
const typeScript = 'Type Stripping is an experimental feature and might change at any time'

it.each([
  ['sqlite', sqlite, typeScript],
  ['typeScript', typeScript, sqlite],
] as const)(
  'hides the warning about %s while something is loaded, and no other',
  async (feature, text, other) => {
    const emitWarning = process.emitWarning
    const seen: unknown[] = []
    process.emitWarning = (...warning: unknown[]) => seen.push(warning[0])
    onTestFinished(() => {
      process.emitWarning = emitWarning
    })
    const load = async () => {
      process.emitWarning(text, 'ExperimentalWarning')
      process.emitWarning(other, 'ExperimentalWarning')
      process.emitWarning(text)
      return 'loaded'
    }
    expect(await hideExperimentalWarning(feature, load)).toBe('loaded')
    expect(seen).toEqual([other, text])
    process.emitWarning(text, 'ExperimentalWarning')
    expect(seen).toHaveLength(3)
  },
)
