import { existsSync } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { basename, extname, resolve } from 'node:path'
import { loadChat, watchChat } from '@colloquy/chat'
import type { ChatInterface } from '@colloquy/session'
import { usageError } from '../command-error.js'
import type { ChatParts } from './chat-parts.js'
import { isModelId, isProvider } from './chat-spec.js'

/** What runs a program, by the extension of its file. */
const interpreters: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  '.py': ['python3', '-u'], // what it prints is not to wait for more
  '.rb': ['ruby'],
  '.sh': ['bash'],
  '.pl': ['perl'],
  '.php': ['php'],
  '.lua': ['lua'],
}

/**
 * Makes a chat of a file: a program, when its extension says what runs it or it may be run as it is, and else a module.
 *
 * @throws ChatLoadError when it is neither
 */
export async function makeOfFile(
  path: string,
  cwd: string,
  { config, logger }: ChatParts,
): Promise<ChatInterface> {
  const file = resolve(cwd, path)
  const program = await programOf(file)
  if (program === null && isProvider(path.split('/')[0] ?? '') && isModelId(path) && !existsSync(file))
    throw usageError(`There is no file ${file}. Did you mean the model model:${path}?`)
  if (program === null) return config.watch ? watchChat(path, { cwd, logger }) : loadChat(path, { cwd })
  const [command, ...args] = program
  const { fromProcess } = await import('@colloquy/chat/process')
  return fromProcess({ command, args, cwd, defaultName: basename(file, extname(file)), logger })
}

async function programOf(file: string): Promise<readonly [command: string, ...args: string[]] | null> {
  if (/\.[cm]?[jt]sx?$/i.test(file) || !(await isFile(file))) return null
  const interpreter = interpreters[extname(file).toLowerCase()]
  if (interpreter !== undefined) return [...interpreter, file]
  return (await mayBeRun(file)) ? [file] : null
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

async function mayBeRun(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
