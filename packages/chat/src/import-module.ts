import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { ChatLoadError } from './chat-load-error.js'
import { placeOf } from './place-of.js'

/**
 * Imports a module.
 *
 * @returns its exports
 * @throws ChatLoadError `failed_to_load`
 */
export async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (cause) {
    const place = await placeOf(cause, file)
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : `it threw ${inspect(cause)}`
    const lines = [`${file} could not be loaded: ${what}`]
    if (place !== undefined) lines.push(`    at ${place}`)
    else if (cause instanceof SyntaxError) lines.push(elsewhere)
    throw new ChatLoadError('failed_to_load', file, [...lines, ...hintsFor(cause)], { cause })
  }
}

const elsewhere = 'It is in a module that this one imports; `node --check <file>` tells which.'

function hintsFor(error: unknown): string[] {
  if (!(error instanceof Error) || !('code' in error)) return []
  if (error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return [
      'Node runs TypeScript by removing the types, so syntax that makes code (enum, namespace with values, ' +
        'parameter property, import =) does not work.',
      'Write it in JavaScript (an object with `as const` for an enum), or compile the module and name its .js file.',
    ]
  }
  const url = 'url' in error ? String(error.url) : ''
  if (error.code === 'ERR_MODULE_NOT_FOUND' && url.startsWith('file:')) {
    const source = fileURLToPath(url).replace(/\.(m?)js$/, '.$1ts')
    if (existsSync(source))
      return [`There is ${source}. Without a build step, an import names the .ts file itself.`]
  }
  return []
}
