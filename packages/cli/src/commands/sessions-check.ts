import { CommandError } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'
import { countOf } from '../sessions/count-of.js'
import { type StoreFlags, withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions check`. */
export type SessionsCheckFlags = StoreFlags

/**
 * Looks through the file of a store for damage.
 *
 * @throws CommandError with what was found, or when the store can't be used
 */
export async function sessionsCheckCommand(
  flags: SessionsCheckFlags,
  surroundings: Surroundings,
): Promise<void> {
  await withStoreFile(flags, surroundings, async ({ store, path }) => {
    const findings = await store.integrityCheck()
    if (findings.length > 0) {
      throw new CommandError(
        [
          `${path} is damaged:`,
          ...findings.flatMap((finding) => finding.split('\n').map((line) => `  ${printable(line)}`)),
          'Bring back a copy of it, or save what can be read: colloquy sessions export --output saved.jsonl',
        ].join('\n'),
        { exitCode: 1 },
      )
    }
    surroundings.stdout.write(
      `${path} is in order, and has ${countOf(await store.countSessions(Date.now()))}.\n`,
    )
  })
}
