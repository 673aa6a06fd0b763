import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { ChatLoadError } from './chat-load-error.js'
import { placeOf } from './place-of.js'

/** What the author's code threw, and while what was done with it. */
export interface ThrownByAuthor {
  /** What failed, as the beginning of a sentence: `/bot.ts could not be loaded`. */
  readonly what: string
  /** The module's file. */
  readonly file: string
  /** The URL of the module that called the author's code. */
  readonly caller: string
  /** Other files in which a syntax error may be; the most likely first. Default: none. */
  readonly others?: readonly string[]
  readonly cause: unknown
}

/** Makes a `failed_to_load` of what the author's code threw: with what was thrown, the author's own frames, and what to do. */
export async function loadFailure({
  what,
  file,
  caller,
  others = [],
  cause,
}: ThrownByAuthor): Promise<ChatLoadError> {
  const thrown = cause instanceof Error ? `${cause.name}: ${cause.message}` : `it threw ${inspect(cause)}`
  const place = await placeOf(cause, { caller, files: [file, ...others] })
  const elsewhere = place.length === 0 && cause instanceof SyntaxError ? [elsewhereHint] : []
  const lines = [`${what}: ${thrown}`, ...place, ...elsewhere, ...hintsFor(cause)]
  return new ChatLoadError('failed_to_load', file, lines, { cause })
}

const elsewhereHint = 'It is in a module that this one imports; `node --check <file>` tells which.'

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
