import { execFile } from 'node:child_process'
import { isAbsolute } from 'node:path'
import { authorFrames, stackOf, toPath } from './author-frames.js'

/**
 * Where in the author's files an error comes from that was thrown while a module was loaded, as lines like
 * `    at /bot.ts:3:9`, the innermost first; empty when nothing tells.
 *
 * @param caller the URL of the module that called the author's code
 * @param files in which a syntax error without a place may be
 */
export async function placeOf(
  error: unknown,
  { caller, files }: { readonly caller: string; readonly files: readonly string[] },
): Promise<readonly string[]> {
  const place = placeAbove(stackOf(error))
  if (place !== undefined) return [`    at ${place}`]
  const frames = authorFrames(error, caller)
  if (frames.length > 0 || !(error instanceof SyntaxError)) return frames
  for (const file of files) {
    const place = await askNode(file, error.message)
    if (place !== undefined) return [`    at ${place}`]
  }
  return []
}

/** Node puts the place of most syntax errors on a line of its own, above the stack. */
function placeAbove(stack: string): string | undefined {
  const [, place = '', line = ''] = /^(.+):(\d+)\n/.exec(stack) ?? []
  return place.startsWith('file:') || isAbsolute(place) ? `${toPath(place)}:${line}` : undefined
}

/** V8 keeps the place of a syntax error in an ES module to itself; only a Node that exits with it prints it. */
function askNode(file: string, message: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: 5_000 }, (_error, _stdout, stderr) => {
      // Another message is another error: the one asked about is in another file.
      resolve(stderr.includes(`SyntaxError: ${message}\n`) ? placeAbove(stderr) : undefined)
    })
  })
}
