import { createApiKey, isApiKeyName, writeApiKeyEntry } from '@colloquy/server'
import { usageError } from '../command-error.js'
import { entriesOf } from '../keys/key-lines.js'
import { changeKeysFile, type KeysFile } from '../keys/keys-file.js'
import { keysFileName } from '../keys/keys-file-name.js'
import type { Surroundings } from '../main-options.js'
import { shown } from '../output/shown.js'

/** The flags of `colloquy keys create`. */
export interface KeysCreateFlags {
  readonly file?: string | undefined
  readonly rotate?: boolean | undefined
  readonly json?: boolean | undefined
}

/**
 * Makes a key and prints it, this once. Its entry goes to the file, if one is named, and is printed otherwise; the key
 * itself never goes to the disk.
 *
 * @throws CommandError when the name can be none or is taken, or the file is wrong or can't be written
 */
export async function keysCreateCommand(
  name: string,
  { file: flag, rotate = false, json = false }: KeysCreateFlags,
  { env, cwd, stdout }: Surroundings,
): Promise<void> {
  if (!isApiKeyName(name)) {
    throw usageError(
      `${shown(name)} can't be the name of a key: 1 to 64 of the characters A-Z, a-z, 0-9, ".", "_" and "-" can, ` +
        'unless they begin as a key does. Example: colloquy keys create web-shop',
    )
  }
  const fileName = keysFileName(flag, env)
  if (rotate && fileName === undefined) {
    throw usageError('--rotate needs the file that has the key. Example: --rotate --file keys.txt')
  }
  const { key, entry } = createApiKey(name)
  const line = writeApiKeyEntry(entry)
  if (fileName !== undefined) {
    await changeKeysFile(fileName, cwd, (file) => {
      checkName(name, { rotate, file, fileName })
      return [...(file?.lines ?? []), { text: line, entry }]
    })
  }
  stdout.write(
    json
      ? `${JSON.stringify({ name, key, entry: line, file: fileName ?? null })}\n`
      : explain({ name, key, line, fileName, rotate }),
  )
}

/** A name that is there already belongs to somebody: a second key of it has to be meant. */
function checkName(
  name: string,
  options: { readonly rotate: boolean; readonly file: KeysFile | undefined; readonly fileName: string },
): void {
  const { rotate, file, fileName } = options
  const isThere = entriesOf(file?.lines ?? []).some((entry) => entry.name === name)
  if (isThere && !rotate) {
    throw usageError(
      `${fileName} has a key ${name} already. Choose another name, or add a second key of this one: ` +
        `colloquy keys create ${name} --rotate --file ${fileName}`,
    )
  }
  if (!isThere && rotate) {
    throw usageError(`${fileName} has no key ${name} to rotate. Without --rotate, a new one is made.`)
  }
}

function explain(made: {
  readonly name: string
  readonly key: string
  readonly line: string
  readonly fileName: string | undefined
  readonly rotate: boolean
}): string {
  const { name, key, line, fileName, rotate } = made
  const use = `It is shown this once. Callers send it as "Authorization: Bearer <key>"; colloquy chat sends what is in COLLOQUY_API_KEY.`
  if (fileName === undefined) {
    return `${key}\n\n${use}\nThe server gets only its entry, in COLLOQUY_API_KEYS or as a line of the file of --api-keys-file:\n\n${line}\n`
  }
  const next = rotate
    ? `\nBoth keys of ${name} work until the old one is revoked: colloquy keys list --file ${fileName}`
    : ''
  return `${key}\n\n${use}\nIts entry is in ${fileName}, for --api-keys-file.${next}\n`
}
