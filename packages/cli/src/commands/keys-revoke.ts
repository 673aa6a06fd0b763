import type { ApiKeyEntry } from '@colloquy/server'
import { usageError } from '../command-error.js'
import { entriesOf } from '../keys/key-lines.js'
import { changeKeysFile, noKeysFile } from '../keys/keys-file.js'
import { requireKeysFileName } from '../keys/keys-file-name.js'
import { shortHash } from '../keys/short-hash.js'
import type { Surroundings } from '../main-options.js'

/** The flags of `colloquy keys revoke`. */
export interface KeysRevokeFlags {
  readonly file?: string | undefined
  /** The beginning of the hash of the one key to revoke. Default: all keys of the name. */
  readonly hash?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Takes keys out of a file: all of a name, or the one whose hash begins as given.
 *
 * @throws CommandError when there is no such key, several hashes begin so, or the file is wrong or can't be written
 */
export async function keysRevokeCommand(
  name: string,
  { file: flag, hash, json = false }: KeysRevokeFlags,
  { env, cwd, stdout }: Surroundings,
): Promise<void> {
  const fileName = requireKeysFileName(flag, env)
  let revoked: readonly ApiKeyEntry[] = []
  await changeKeysFile(fileName, cwd, (file) => {
    if (file === undefined) throw noKeysFile(fileName)
    revoked = chooseEntries(entriesOf(file.lines), { name, hash, fileName })
    return file.lines.filter(({ entry }) => entry === null || !revoked.includes(entry))
  })
  if (json) {
    stdout.write(`${JSON.stringify(revoked.map((entry) => ({ name, hash: shortHash(entry) })))}\n`)
  } else {
    stdout.write(revoked.map((entry) => `Revoked ${name} ${shortHash(entry)} in ${fileName}.\n`).join(''))
  }
}

function chooseEntries(
  entries: readonly ApiKeyEntry[],
  wanted: { readonly name: string; readonly hash: string | undefined; readonly fileName: string },
): readonly ApiKeyEntry[] {
  const { name, hash, fileName } = wanted
  const named = entries.filter((entry) => entry.name === name)
  if (named.length === 0) {
    throw usageError(
      `${fileName} has no key of this name. Those it has: colloquy keys list --file ${fileName}`,
    )
  }
  if (hash === undefined) return named
  if (!/^[\da-f]{4,64}$/i.test(hash)) {
    throw usageError(
      '--hash: the beginning of the hash, as colloquy keys list shows it, has 4 to 64 digits from 0-9 and a-f. ' +
        `Example: --hash ${named.map(shortHash)[0]}`,
    )
  }
  const found = named.filter((entry) => entry.hash.startsWith(hash.toLowerCase()))
  if (new Set(found.map((entry) => entry.hash)).size === 1) return found
  const which = named.map(shortHash).join(', ')
  throw usageError(
    `--hash: ${found.length === 0 ? 'no key' : 'more than one key'} of ${name} begins so. Those of this name: ${which}`,
  )
}
