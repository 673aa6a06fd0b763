import { basename, parse } from 'node:path'
import type { ChatInterface } from '@colloquy/session'
import type { ChatDefinition, ChatFunction } from './chat-definition.js'
import { ChatLoadError } from './chat-load-error.js'
import { defineChat } from './define-chat.js'
import { nameOf } from './name-of.js'
import { isClass, shapeOf } from './shape-of.js'

/**
 * Makes a chat interface of a module's default export.
 *
 * @throws ChatLoadError `no_chat_interface`
 */
export function findChat(exports: Readonly<Record<string, unknown>>, file: string): ChatInterface {
  const found = exports['default']
  if (isClass(found)) throw noChat(exports, file, instanceHint(file, found.name))
  try {
    // defineChat() checks what it is given, also when it is no TypeScript that gives it.
    const chat = found as ChatFunction | ChatDefinition
    // What has no name of its own is called as its file is.
    return defineChat(chat, { name: nameOf(Object(found)) || parse(file).name })
  } catch (cause) {
    throw noChat(exports, file, functionHint(file), { cause })
  }
}

function noChat(
  exports: Readonly<Record<string, unknown>>,
  file: string,
  hint: readonly string[],
  options?: { readonly cause: unknown },
): ChatLoadError {
  return new ChatLoadError(
    'no_chat_interface',
    file,
    [`${file} has no chat interface as its default export. ${listExports(exports)}`, ...hint],
    options,
  )
}

function listExports(exports: Readonly<Record<string, unknown>>): string {
  const listed = Object.keys(exports)
    .filter((name) => name !== 'module.exports') // which Node adds to every CommonJS module
    .map((name) => `${name} (${shapeOf(exports[name])})`)
  return `It exports: ${listed.join(', ') || 'nothing'}.`
}

function functionHint(file: string): string[] {
  return [
    'Expected: a function (message, context) that answers, or an object with such a function as its method reply:',
    '',
    `  // ${basename(file)}`,
    `  export default (message) => \`You said: \${message}\``,
  ]
}

function instanceHint(file: string, name: string): string[] {
  return [
    'Expected: not a class but an instance of it:',
    '',
    `  // ${basename(file)}`,
    `  export default new ${name === '' ? 'Bot' : name}()`,
  ]
}
