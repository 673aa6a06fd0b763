import { basename } from 'node:path'
import type { ChatInterface } from '@colloquy/session'
import { ChatLoadError } from './chat-load-error.js'
import { chooseExport } from './choose-export.js'
import type { ModuleExports } from './import-module.js'
import { makeChat } from './make-chat.js'
import { shapeOf } from './shape-of.js'

/**
 * Makes a chat interface of what a module exports. `loadChat` tells what is accepted.
 *
 * @throws ChatLoadError `no_chat_interface`; `failed_to_load` when what it exports fails while a chat is made of it
 */
export async function findChat(exports: ModuleExports, file: string): Promise<ChatInterface> {
  const chosen = chooseExport(exports)
  if (chosen === undefined)
    throw noChat(file, `${file} has no chat interface as its default export. ${listExports(exports)}`)
  const made = await makeChat(chosen, file)
  if ('chat' in made) return made.chat
  throw noChat(
    file,
    `${file} has no chat interface: ${made.of} is none (${shapeOf(made.instead)}). ${listExports(exports)}`,
  )
}

function noChat(file: string, what: string): ChatLoadError {
  return new ChatLoadError('no_chat_interface', file, [what, ...acceptedForms(file)])
}

function listExports(exports: ModuleExports): string {
  const listed = Object.keys(exports)
    .filter((name) => name !== 'module.exports') // which Node adds to every CommonJS module
    .map((name) => `${name} (${shapeOf(exports[name])})`)
  return `It exports: ${listed.join(', ') || 'nothing'}.`
}

function acceptedForms(file: string): string[] {
  return [
    'Expected: a function that answers, an object or a class with such a function as its method reply, or a function that makes one:',
    '',
    `  // ${basename(file)}`,
    '  export default (message) => `You said: ${message}`',
    '  export default { reply(message, context) { … } }',
    '  export default class { reply(message, context) { … } }',
    '  export default function createBot() { return … }   // called create…, without parameters; it may be async',
    '  export const chat = …                              // where there is no default export',
    '  export function createChat() { return … }          // where there is neither',
  ]
}
