import { failure } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { countOf } from '../sessions/count-of.js'
import type { StoreFlags } from '../sessions/store-path.js'
import { withStoreFile } from '../sessions/with-store-file.js'

/**
 * Looks through the file of a store for damage.
 *
 * @throws CommandError with what was found, or when the store can't be used
 */
export async function sessionsCheckCommand(flags: StoreFlags, surroundings: Surroundings): Promise<void> {
  await withStoreFile(flags, surroundings, async ({ store, path }) => {
    const findings = await store.integrityCheck()
    if (findings.length > 0) {
      throw failure(
        [
          `${path} is damaged:`,
          ...findings.flatMap((finding) => finding.split('\n').map((line) => `  ${line}`)),
          'Bring back a copy of it, or save what can be read: colloquy sessions export --output saved.jsonl',
        ].join('\n'),
      )
    }
    surroundings.stdout.write(
      `${path} is in order, and has ${countOf(await store.countSessions(Date.now()))}.\n`,
    )
  })
}
