import { nearestName } from '../../config/nearest-name.js'
import { type SlashName, slashAliases, slashNames } from './slash-commands.js'

/** What was typed at the prompt: something to say, a command, or a word that looks like one. */
export type PromptInput =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'message'; readonly message: string }
  | { readonly kind: 'command'; readonly name: SlashName; readonly rest: string }
  | { readonly kind: 'unknown'; readonly word: string; readonly nearest: SlashName | undefined }

/**
 * Tells commands from messages. A path, as `/etc/hosts`, is no command; two slashes are one of a message, and of several
 * lines nothing is.
 */
export function readInput(text: string): PromptInput {
  if (text.trim() === '') return { kind: 'nothing' }
  if (text.startsWith('//')) return { kind: 'message', message: text.slice(1) }
  const [, word, rest = ''] = /^\/([a-z?]*)(?:[^\S\n]+([^\n]*))?$/i.exec(text.trim()) ?? []
  if (word === undefined) return { kind: 'message', message: text }
  const given = word.toLowerCase()
  const name = slashNames.find((name) => name === given) ?? slashAliases[given]
  if (name !== undefined) return { kind: 'command', name, rest: rest.trim() }
  return { kind: 'unknown', word, nearest: nearestName(given, slashNames) as SlashName | undefined }
}
