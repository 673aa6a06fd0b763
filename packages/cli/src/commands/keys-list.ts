import { entriesOf } from '../keys/key-lines.js'
import { requireKeysFile } from '../keys/keys-file.js'
import { requireKeysFileName } from '../keys/keys-file-name.js'
import { shortHash } from '../keys/short-hash.js'
import type { Surroundings } from '../main-options.js'
import { inColumns } from '../output/in-columns.js'
import { screenWidth } from '../output/screen-width.js'

/** The flags of `colloquy keys list`. */
export interface KeysListFlags {
  readonly file?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Prints the names of the keys in a file, each with the beginning of its hash.
 *
 * @throws CommandError when there is no such file, or it is wrong
 */
export async function keysListCommand(
  { file: flag, json = false }: KeysListFlags,
  { env, cwd, stdout }: Surroundings,
): Promise<void> {
  const name = requireKeysFileName(flag, env)
  const { lines } = await requireKeysFile(name, cwd)
  const keys = entriesOf(lines).map((entry) => ({ name: entry.name, hash: shortHash(entry) }))
  if (json) stdout.write(`${JSON.stringify(keys)}\n`)
  else if (keys.length === 0) stdout.write(`There is no key in ${name}.\n`)
  else
    stdout.write(
      inColumns(
        keys.map(({ name, hash }) => [name, hash]),
        screenWidth(stdout),
      ),
    )
}
