import { existsSync, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { ChatLoadError } from './chat-load-error.js'

const extensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/**
 * Checks that there is a file, of a kind that can be loaded.
 *
 * @throws ChatLoadError `not_found`, `unsupported_extension`, `failed_to_load`
 */
export async function checkModuleFile(file: string): Promise<void> {
  const found = await statOf(file)
  if (found === undefined) {
    const stem = file.slice(0, file.length - extname(file).length)
    throw new ChatLoadError('not_found', file, [`There is no file ${file}`, ...didYouMean([file, stem])])
  }
  if (found.isDirectory()) {
    throw new ChatLoadError('not_found', file, [
      `${file} is a directory. Name the module in it.`,
      ...didYouMean([join(file, 'index'), join(file, 'bot'), join(file, 'chat')]),
    ])
  }
  const extension = extname(file)
  if (!extensions.includes(extension)) {
    throw new ChatLoadError('unsupported_extension', file, [
      `${file} can't be loaded: ${whyNot(extension)}`,
      `Expected: a module with one of the extensions ${extensions.join(', ')}`,
    ])
  }
}

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file)
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new ChatLoadError('failed_to_load', file, [`${file} can't be read: ${message}`], { cause })
  }
}

function didYouMean(stems: readonly string[]): string[] {
  const there = stems.flatMap((stem) => extensions.map((extension) => stem + extension)).find(existsSync)
  return there === undefined ? [] : [`There is ${there}. Did you mean that one?`]
}

function whyNot(extension: string): string {
  switch (extension) {
    case '':
      return 'it has no extension.'
    case '.tsx':
    case '.jsx':
      return 'Node has no JSX, so it needs a build step first.'
    default:
      return `${extension} is no extension of a module.`
  }
}
