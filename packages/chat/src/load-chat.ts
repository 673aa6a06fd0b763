import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChatInterface } from '@colloquy/session'
import { ChatLoadError } from './chat-load-error.js'
import { checkModuleFile } from './check-module-file.js'
import { findChat } from './find-chat.js'
import { importModule } from './import-module.js'
import { noteImports } from './note-imports.js'

/** Options of {@link loadChat}. */
export interface LoadChatOptions {
  /** The folder that a relative path starts from. Default: the process's working directory. */
  readonly cwd?: string
}

/**
 * Loads a module and makes a chat interface of what it exports: of its default export, else of `chat`, else of `createChat`.
 * Node loads TypeScript without a build step, and every module only once.
 *
 * The default export is one of these, or a promise of one:
 * - a function `(message, context)` that answers
 * - an object with such a function as its method `reply`, or what {@link defineChat} made
 * - a class of such objects, which is constructed without arguments
 * - a factory: a function without parameters whose name begins with `create`, such as `createBot`. It is called once, while
 *   the module is loaded, and what it returns, or promises, is one of the above
 *
 * `chat` is any of these but a factory. `createChat` is a factory, and is called without arguments whatever it declares.
 *
 * Any other function without parameters answers messages as every function does, and is not called before the first one.
 * When it returns, or promises, a chat function or an object with `reply` instead of an answer, it was a factory all the
 * same: that chat is started then, and answers this message and all later ones. Until then nothing is known of it, and a start
 * that fails fails the message: so call a factory `create…`.
 *
 * A chat without a name of its own is called as its file is. What a CommonJS module exports is its default export, and the
 * properties `chat` and `createChat` of that are its named ones.
 *
 * @param path of a `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs` file: relative, absolute, or a `file:` URL
 * @throws ChatLoadError
 */
export async function loadChat(path: string | URL, options: LoadChatOptions = {}): Promise<ChatInterface> {
  const { cwd = process.cwd() } = options
  const file = toFile(path, cwd)
  await checkModuleFile(file)
  const imports = noteImports()
  try {
    return await findChat(await importModule(file, { others: imports.files }), file)
  } finally {
    imports.stop()
  }
}

/**
 * The absolute path of a module's file.
 *
 * @throws ChatLoadError `not_found` for a URL of no file
 */
export function toFile(path: string | URL, cwd: string): string {
  if (typeof path === 'string' && !path.startsWith('file:')) return resolve(cwd, path)
  try {
    return fileURLToPath(path)
  } catch (cause) {
    throw new ChatLoadError('not_found', String(path), [`${String(path)} is no URL of a file.`], { cause })
  }
}
