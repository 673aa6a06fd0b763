import { parse } from 'node:path'
import type { ChatInterface } from '@colloquy/session'
import type { ChatFunction } from './chat-definition.js'
import type { ChosenExport } from './choose-export.js'
import { defineChat } from './define-chat.js'
import { hasReply } from './has-reply.js'
import { loadFailure } from './load-failure.js'
import { nameOf } from './name-of.js'
import { isClass } from './shape-of.js'
import { undecidedChat } from './undecided-chat.js'

/** What came of an export: a chat, or something else, which `of` describes. */
export type MadeChat = { readonly chat: ChatInterface } | { readonly instead: unknown; readonly of: string }

/**
 * Makes a chat interface of an export. One that has no name of its own is called as its file is.
 *
 * @throws ChatLoadError `failed_to_load` when the author's promise, factory or class fails
 */
export async function makeChat({ name, value }: ChosenExport, file: string): Promise<MadeChat> {
  const fileName = parse(file).name
  const awaited = await authored('the promise that it exports rejected', file, () => value)
  const isMade = isFactory(awaited, name)
  const made = isMade ? await authored(`${awaited.name}() failed`, file, () => awaited()) : awaited
  const chat = isConstructor(made)
    ? await authored(`new ${nameOf(made) ?? 'class'}() failed`, file, () => new made())
    : made
  if (typeof chat === 'function') {
    const own = nameOf(chat as ChatFunction)
    // A constant takes its name from the export, which says nothing.
    const called = own === undefined || (!isMade && own === name) ? fileName : own
    if (name === 'default' && !isMade && isUndecided(chat)) return { chat: undecidedChat(chat, called) }
    return { chat: defineChat(chat as ChatFunction, { name: called }) }
  }
  if (hasReply(chat)) return { chat: defineChat(chat, { name: nameOf(chat) ?? fileName }) }
  const of = isConstructor(made)
    ? 'an instance of its class'
    : isMade
      ? `what ${awaited.name}() returned`
      : 'what it exports'
  return { instead: chat, of }
}

/** Calls what the author wrote, and waits for it. */
async function authored(fault: string, file: string, call: () => unknown): Promise<unknown> {
  try {
    return await call()
  } catch (cause) {
    throw await loadFailure({
      what: `${file} could not be loaded: ${fault}`,
      file,
      caller: import.meta.url,
      cause,
    })
  }
}

function isFactory(value: unknown, name: ChosenExport['name']): value is Factory {
  if (typeof value !== 'function' || isConstructor(value)) return false
  if (name === 'createChat') return true
  return name === 'default' && isUndecided(value) && /^create(?![a-z])/.test(value.name)
}

interface Factory {
  (): unknown
  readonly name: string
}

/** A function without parameters that is no generator: it could answer messages, and could make what does. */
function isUndecided(value: unknown): value is Factory {
  return (
    typeof value === 'function' &&
    value.length === 0 &&
    !Object.prototype.toString.call(value).includes('Generator')
  )
}

function isConstructor(value: unknown): value is new () => unknown {
  if (isClass(value)) return true
  // As classes were written, and compiled to, before there were any.
  return typeof value === 'function' && hasReply(value.prototype)
}
