import type { Command } from 'commander'
import { readChatSpec } from '../chats/chat-spec.js'
import { usageError } from '../command-error.js'

/**
 * Tells whoever names what is to be served in place of a command how to serve it.
 *
 * @throws CommandError for a path, `model:<provider>/<id>` and all else that only `colloquy serve` takes
 */
export function refuseServedWord(program: Command, [word = '']: readonly string[]): void {
  if (word.startsWith('-') || program.commands.some((command) => command.name() === word)) return
  const spec = readChatSpec(word)
  if (spec === null || (spec.kind === 'file' && !/[./]/.test(spec.path))) return
  const typed = /^[\w./:-]+$/.test(word) && !word.includes('://') ? word : '…' // a URL may hold a password
  throw usageError(`That is no command, but may answer. To serve it: colloquy serve ${typed}`)
}
