import { execFile } from 'node:child_process'
import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Where in the author's files an error comes from that was thrown while a module was loaded, as `file:line` or
 * `file:line:column`; undefined when nothing tells.
 */
export async function placeOf(error: unknown, file: string): Promise<string | undefined> {
  if (!(error instanceof Error)) return undefined
  const stack = error.stack ?? ''
  const place = placeAbove(stack) ?? placeInFrames(stack)
  if (place !== undefined || error.name !== 'SyntaxError') return place
  return askNode(file, error.message)
}

/** Node puts the place of most syntax errors on a line of its own, above the stack. */
function placeAbove(stack: string): string | undefined {
  const [, place = '', line = ''] = /^(.+):(\d+)\n/.exec(stack) ?? []
  return place.startsWith('file:') || isAbsolute(place) ? `${toPath(place)}:${line}` : undefined
}

/** The first frame that is not of a dependency, before those of Node's loader and of whoever called it. */
function placeInFrames(stack: string): string | undefined {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '))
  const loader = frames.findIndex((frame) => frame.includes('node:internal/modules/'))
  const places = frames
    .slice(0, loader === -1 ? undefined : loader)
    .filter((frame) => !frame.includes('node:'))
    .flatMap((frame) => /^ +at (?:.*? \(|async )?(.+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? [])
  const place = places.find((place) => !place.includes('/node_modules/')) ?? places[0]
  return place === undefined ? undefined : toPath(place)
}

/** V8 keeps the place of a syntax error in an ES module to itself; only a Node that exits with it prints it. */
function askNode(file: string, message: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: 5_000 }, (_error, _stdout, stderr) => {
      // Another message is another error: the one asked about is in a module that this one imports.
      resolve(stderr.includes(`SyntaxError: ${message}\n`) ? placeAbove(stderr) : undefined)
    })
  })
}

function toPath(place: string): string {
  if (!place.startsWith('file:')) return place
  const [, url = place, position = ''] = /^(.*?)((?::\d+){0,2})$/.exec(place) ?? []
  return fileURLToPath(url) + position
}
