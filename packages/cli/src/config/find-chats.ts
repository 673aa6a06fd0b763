import { dirname } from 'node:path'
import { type ChatSpec, chatSpecForms, isProvider, readChatSpec } from '../chats/chat-spec.js'
import { usageError } from '../command-error.js'
import { shown } from '../output/shown.js'
import type { ConfigFilePlace } from './find-config-file.js'
import { exampleIn, type Origin } from './origin.js'
import { chatExample, chatKey } from './unknown-keys.js'

/** A chat that was named. */
export interface NamedChat {
  /** What sessions choose it by; null where it is the only one. */
  readonly name: string | null
  /** As the user wrote it. */
  readonly text: string
  readonly spec: ChatSpec
  /** The folder that a relative path counts from. */
  readonly cwd: string
}

/** The chats, and who named them. */
export interface FoundChats {
  readonly chats: readonly NamedChat[]
  readonly origin: Origin
}

/** What names chats on the command line. */
export interface ChatFlags {
  /** The argument. */
  readonly argument?: string | undefined
  /** `--chat`, each as a name, `=` and what stands for the chat. */
  readonly chat?: readonly string[] | undefined
  /** `--exec`. */
  readonly exec?: string | undefined
}

/**
 * The chats, and who named them: the command line, or else the configuration file, from whose folder paths count. Without
 * either it is the built-in assistant, and there are none here.
 *
 * @throws CommandError with every fault
 */
export function findChats(
  flags: ChatFlags,
  cwd: string,
  file: { readonly place: ConfigFilePlace; readonly values: Readonly<Record<string, unknown>> } | undefined,
): FoundChats {
  const given = [flags.argument, flags.chat, flags.exec].filter((value) => value !== undefined)
  if (given.length > 1) throw usageError(tooMany)
  if (flags.argument !== undefined)
    return { chats: [chatOf(null, flags.argument, cwd, 'the chat')], origin: { kind: 'argument' } }
  if (flags.exec?.trim() === '')
    throw usageError(`--exec: a command line is missing. Example: --exec 'tr a-z A-Z'`)
  if (flags.exec !== undefined)
    return {
      chats: [chatOf(null, `exec:${flags.exec}`, cwd, '--exec')],
      origin: { kind: 'flag', name: '--exec' },
    }
  if (flags.chat !== undefined)
    return {
      chats: named(flags.chat.map(splitPair), cwd, '--chat'),
      origin: { kind: 'flag', name: '--chat' },
    }
  const value = file?.values[chatKey]
  if (file === undefined || value === undefined) return { chats: [], origin: { kind: 'default' } }
  const { path, name } = file.place
  return {
    chats: inFile(value, dirname(path), name),
    origin: { kind: 'configFile', name: chatKey, file: name },
  }
}

const tooMany =
  'A chat is named twice: only one of the argument, --chat and --exec can name what answers. Example: ' +
  'colloquy serve --chat shop=./shop.ts --chat help=./help.ts'

function inFile(value: unknown, cwd: string, file: string): readonly NamedChat[] {
  const where = `${chatKey} in ${file}`
  if (typeof value === 'string')
    return [chatOf(null, value, cwd, where, exampleIn(file, chatKey, chatExample))]
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : []
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  if (texts.length === 0 || texts.length < entries.length || Array.isArray(value)) {
    const example = exampleIn(file, chatKey, chatExample)
    throw usageError(
      `${where}: ${shown(value)} is neither what stands for a chat nor an object of such by their names. Example: ${example}`,
    )
  }
  return named(texts, cwd, where)
}

function named(
  pairs: readonly (readonly [string, string])[],
  cwd: string,
  where: string,
): readonly NamedChat[] {
  const faults: string[] = []
  const chats = pairs.flatMap(([name, text]) => {
    if (!isName(name)) {
      const what = name === '' ? 'a name and = are missing' : `${shown(name)} is no name`
      faults.push(
        `${where}: ${what}: 1 to 64 letters, digits, -, _ and ., a letter first. Example: --chat shop=./shop.ts`,
      )
      return []
    }
    const spec = readChatSpec(text)
    if (spec !== null) return [{ name, text, spec, cwd }]
    faults.push(`${where} ${name}: ${noChat(text)}`)
    return []
  })
  const names = chats.map(({ name }) => name)
  const again = new Set(names.filter((name, n) => names.indexOf(name) < n))
  faults.push(...Array.from(again, (name) => `${where}: there is more than one chat named ${name}.`))
  if (faults.length > 0) throw usageError(faults.join('\n'))
  return chats
}

function chatOf(name: null, text: string, cwd: string, where: string, example?: string): NamedChat {
  const spec = readChatSpec(text)
  if (spec === null)
    throw usageError(`${where}: ${noChat(text)}${example === undefined ? '' : ` Example: ${example}`}`)
  return { name, text, spec, cwd }
}

function noChat(text: string): string {
  const what = text.includes('://') ? 'it' : shown(text) // a URL may hold a password
  return `${what} is nothing that could answer. Expected: ${chatSpecForms}.${hintFor(text)}`
}

function hintFor(text: string): string {
  const [, word] = /^model:([^/]+)\/?$/.exec(text) ?? []
  if (word !== undefined)
    return isProvider(word)
      ? ` The id of the model is missing: model:${word}/…`
      : ' The provider is missing: model:openai/…'
  return /^colloquy:(?!https?:)/.test(text) ? ' A colloquy: needs http:// or https:// behind it.' : ''
}

function splitPair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  return at === -1 ? ['', text] : [text.slice(0, at), text.slice(at + 1)]
}

function isName(text: string): boolean {
  return /^[a-z][\w.-]{0,63}$/i.test(text) // not a number: in an object, those come first
}
