import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Functions that only say that a file is run. */
const wholeFile = /^(async )?(Object\.<anonymous>|Module\.<anonymous>|<anonymous>)$/

interface Frame {
  readonly path: string
  /** As it is shown, with a path in place of a URL. */
  readonly text: string
}

/**
 * The frames of an error's stack that are in the author's files, the innermost first, as `    at connect (/bot.ts:3:9)`:
 * without those of Node, of dependencies, and of whoever called the author's code. Where no file of the author's had a part
 * in it, the innermost frame that there is.
 *
 * @param caller the URL of the module that called the author's code
 */
export function authorFrames(error: unknown, caller: string): string[] {
  const lines = stackOf(error).split('\n')
  const frames = lines
    .slice(0, endOfAuthor(lines, toPath(caller)))
    .map(readFrame)
    .filter((frame) => frame !== undefined)
  const own = frames.filter(({ path }) => !path.replaceAll('\\', '/').includes('/node_modules/'))
  return (own.length > 0 ? own : frames.slice(0, 1)).map(({ text }) => text)
}

/** The stack; empty when there is none that can be read. */
export function stackOf(error: unknown): string {
  try {
    const stack: unknown = error instanceof Error ? error.stack : undefined
    return typeof stack === 'string' ? stack : ''
  } catch {
    return ''
  }
}

/** Turns a `file:` URL, with or without a position behind it, into a path. */
export function toPath(place: string): string {
  if (!place.startsWith('file:')) return place
  const [, url = place, position = ''] = /^(.*?)((?::\d+){0,2})$/.exec(place) ?? []
  return fileURLToPath(url) + position
}

/** Where Node's loader begins, or the caller of the author's code. */
function endOfAuthor(lines: readonly string[], caller: string): number {
  const end = lines.findIndex(
    (line) =>
      line.startsWith('    at ') &&
      (line.includes('node:internal/modules/') || readFrame(line)?.path === caller),
  )
  return end === -1 ? lines.length : end
}

function readFrame(line: string): Frame | undefined {
  const [, name = '', named, bare] =
    /^ +at (?:(.+?) \((.+:\d+:\d+)\)|(?:async )?(.+:\d+:\d+))$/.exec(line) ?? []
  const found = named ?? bare ?? ''
  if (!found.startsWith('file:') && !isAbsolute(found)) return undefined
  const place = toPath(found)
  const path = place.replace(/:\d+:\d+$/, '')
  return { path, text: name === '' || wholeFile.test(name) ? `    at ${place}` : `    at ${name} (${place})` }
}
