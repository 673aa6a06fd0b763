import { failure } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { countOf } from '../sessions/count-of.js'
import type { StoreFlags } from '../sessions/store-path.js'
import { withStoreFile } from '../sessions/with-store-file.js'

/** The flags of `colloquy sessions check`. */
export interface SessionsCheckFlags extends StoreFlags {
  readonly json?: boolean | undefined
}

/**
 * Looks through the file of a store for damage.
 *
 * @throws CommandError with what was found, or when the store can't be used
 */
export async function sessionsCheckCommand(
  { json = false, ...flags }: SessionsCheckFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout } = surroundings
  await withStoreFile(flags, surroundings, async ({ store, path }) => {
    const findings = await store.integrityCheck()
    const sessions = findings.length > 0 ? null : await store.countSessions(Date.now())
    if (json) stdout.write(`${JSON.stringify({ file: path, sessions, findings })}\n`)
    if (findings.length > 0) {
      throw failure(
        [
          `${path} is damaged:`,
          ...findings.flatMap((finding) => finding.split('\n').map((line) => `  ${line}`)),
          'Bring back a copy of it, or save what can be read: colloquy sessions export --output saved.jsonl',
        ].join('\n'),
      )
    }
    if (!json) stdout.write(`${path} is in order, and has ${countOf(sessions ?? 0)}.\n`)
  })
}
