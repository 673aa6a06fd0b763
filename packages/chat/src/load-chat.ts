import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChatInterface } from '@colloquy/session'
import { ChatLoadError } from './chat-load-error.js'
import { checkModuleFile } from './check-module-file.js'
import { findChat } from './find-chat.js'
import { importModule } from './import-module.js'

/** Options of {@link loadChat}. */
export interface LoadChatOptions {
  /** The folder that a relative path starts from. Default: the process's working directory. */
  readonly cwd?: string
}

/**
 * Loads a module and makes a chat interface of its default export: a function, an object with a `reply` method, or
 * what {@link defineChat} made. One without a name of its own is called as its file is. Node loads TypeScript without a build step, and every module only once.
 *
 * @param path of a `.ts`, `.mts`, `.cts`, `.js`, `.mjs` or `.cjs` file: relative, absolute, or a `file:` URL
 * @throws ChatLoadError
 */
export async function loadChat(path: string | URL, options: LoadChatOptions = {}): Promise<ChatInterface> {
  const { cwd = process.cwd() } = options
  const file = toFile(path, cwd)
  await checkModuleFile(file)
  return findChat(await importModule(file), file)
}

function toFile(path: string | URL, cwd: string): string {
  if (typeof path === 'string' && !path.startsWith('file:')) return resolve(cwd, path)
  try {
    return fileURLToPath(path)
  } catch (cause) {
    throw new ChatLoadError('not_found', String(path), [`${String(path)} is no URL of a file.`], { cause })
  }
}
