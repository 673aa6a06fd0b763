import * as fc from 'fast-check'
import type { ModelStore } from './model-stores.fixture.js'
import { ModelWorld } from './model-world.fixture.js'
import { randomCommands } from './random-commands.fixture.js'

/** How many times as many commands are tried as usual. */
const factor = process.env['PROPERTY_FACTOR']

/** How long it may take, in milliseconds. */
export const commandsTimeout = 60_000 * Number(factor ?? 1)

/** The bounds under which the commands are tried: so low that they are met. */
const limits = fc.record({
  sessionMaxAgeMs: fc.constantFrom(null, 150_000),
  maxSessions: fc.constantFrom(6, 100),
  historyLimit: fc.constantFrom(200, 3, 0),
  queueLimit: fc.constantFrom(2, 10),
  maxTurns: fc.constantFrom(1_000, 3, 2),
  keyTtlMs: fc.constantFrom(86_400_000, 40_000),
})

/** Those that are always the same. */
const fixedLimits = {
  sessionTtlMs: 60_000,
  whenFull: 'reject',
  disconnectGraceMs: 5_000,
  firstChunkTimeoutMs: 20_000,
  chunkTimeoutMs: 20_000,
  turnTimeoutMs: 45_000,
  stopTimeoutMs: 5_000,
} as const

/**
 * Tries commands in random order on a manager over a store. Every time they are the same ones; `PROPERTY_FACTOR=50`
 * tries fifty times as many, of a random seed or of that in `PROPERTY_SEED`. A failure says the seed and the path that
 * lead to it again, and the shortest list of commands that fails.
 */
export function holdCommands(store: ModelStore, runs: number): Promise<void> {
  const seed = process.env['PROPERTY_SEED']
  const property = fc.asyncProperty(limits, randomCommands, async (limits, commands) => {
    const world = await ModelWorld.create(store, { ...fixedLimits, ...limits })
    try {
      await fc.asyncModelRun(() => ({ model: world, real: world }), commands)
    } catch (error) {
      await world.finish().catch(() => {}) // what went wrong before is what counts
      throw error
    }
    await world.finish()
  })
  return fc.assert(property, {
    numRuns: runs * Number(factor ?? 1),
    ...(seed === undefined && factor !== undefined ? {} : { seed: Number(seed ?? 1) }),
  })
}
