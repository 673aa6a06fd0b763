import * as fc from 'fast-check'

/**
 * Holds a property for as many generated inputs as `runs` says. Every time they are the same ones, so that a change
 * that has nothing to do with it never meets them first; `PROPERTY_FACTOR=20` makes twenty times as many, of a random
 * seed or of that in `PROPERTY_SEED`. A failure says the seed and the path that lead to it again.
 *
 * An input that is not answered within ten seconds fails.
 */
export function holdProperty<Inputs>(
  property: fc.IAsyncPropertyWithHooks<Inputs>,
  runs: number,
): Promise<void> {
  const { PROPERTY_FACTOR: factor, PROPERTY_SEED: seed } = process.env
  return fc.assert(property, {
    numRuns: runs * Number(factor ?? 1),
    timeout: 10_000,
    ...(seed === undefined && factor !== undefined ? {} : { seed: Number(seed ?? 1) }),
  })
}

/** How long a test of a property may take, in milliseconds. */
export const propertyTimeout = 20_000 * Number(process.env['PROPERTY_FACTOR'] ?? 1)
