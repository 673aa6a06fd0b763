import type { Command } from 'commander'
import type { KeysCreateFlags } from '../commands/keys-create.js'
import type { KeysListFlags } from '../commands/keys-list.js'
import type { KeysRevokeFlags } from '../commands/keys-revoke.js'
import { addExamples, type Example } from './examples.js'
import type { ProgramParts } from './program-parts.js'

/** Adds `colloquy keys` with its commands. */
export function addKeys(program: Command, keys: ProgramParts['keys']): void {
  const command = program
    .command('keys')
    .description('make, list and revoke the keys that callers of a server need')
  addExamples(command, keysExamples, {
    before:
      'A server is told only the SHA-256 of each key, as name:sha256hex: in a file (--api-keys-file), or in COLLOQUY_API_KEYS.',
  })
  const create = command
    .command('create')
    .description('make a key, and show it once')
    .argument('<name>', 'whose key it is: 1 to 64 of the characters A-Z, a-z, 0-9, ".", "_" and "-"')
    .option(
      '--file <file>',
      'file that its entry is added to (default: COLLOQUY_API_KEYS_FILE, or else none)',
    )
    .option('--rotate', 'add a second key of this name; both work until the old one is revoked')
    .option('--json', 'print the key and its entry as JSON')
    .action((name: string, options: KeysCreateFlags) => keys.create(name, options))
  addExamples(create, createExamples)
  const list = command
    .command('list')
    .description('list the keys in a file')
    .option('--file <file>', fileOption)
    .option('--json', 'print them as JSON')
    .action((options: KeysListFlags) => keys.list(options))
  addExamples(list, listExamples)
  const revoke = command
    .command('revoke')
    .description('take keys out of a file')
    .argument('<name>', 'whose keys')
    .option(
      '--hash <digits>',
      'only the one whose hash begins so, as list shows it (default: all of the name)',
    )
    .option('--file <file>', fileOption)
    .option('--json', 'print what was revoked as JSON')
    .action((name: string, options: KeysRevokeFlags) => keys.revoke(name, options))
  addExamples(revoke, revokeExamples)
}

const fileOption = 'file of the keys (default: COLLOQUY_API_KEYS_FILE)'

const keysExamples: readonly Example[] = [
  'colloquy keys create web-shop --file keys.txt',
  'colloquy serve ./bot.ts --api-keys-file keys.txt',
  'colloquy keys list --file keys.txt',
]

const createExamples: readonly Example[] = [
  'colloquy keys create web-shop --file keys.txt',
  'colloquy keys create web-shop --file keys.txt --rotate',
  ['colloquy keys create web-shop', 'print the entry, for COLLOQUY_API_KEYS'],
]

const listExamples: readonly Example[] = [
  'colloquy keys list --file keys.txt',
  'COLLOQUY_API_KEYS_FILE=keys.txt colloquy keys list --json',
]

const revokeExamples: readonly Example[] = [
  'colloquy keys revoke web-shop --file keys.txt',
  'colloquy keys revoke web-shop --hash 1a2b3c4d --file keys.txt',
]
