import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The files that the pages need, and their types. Nothing else is read from the disk, whatever is asked for. */
const types: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css'],
  ['swagger-ui-bundle.js', 'text/javascript'],
  ['swagger-init.js', 'text/javascript'],
  ['redoc.standalone.js', 'text/javascript'],
  ['favicon-32x32.png', 'image/png'],
])

/** A file of the documentation pages. */
export interface DocumentationFile {
  readonly type: string
  readonly bytes: Buffer
}

/**
 * Reads the files that the pages need, each once, when it is first asked for; null when there is none of the name. One that
 * can't be read is tried again the next time.
 *
 * @param folder where they are, with a slash at its end. Default: where the build puts them
 */
export function documentationFiles(folder?: URL): (name: string) => Promise<DocumentationFile | null> {
  const read = new Map<string, Promise<Buffer>>()
  return async (name) => {
    const type = types.get(name)
    if (type === undefined) return null
    const reading = read.get(name) ?? readFile(new URL(name, folder ?? builtFolder()))
    read.set(name, reading)
    try {
      return { type, bytes: await reading }
    } catch (error) {
      if (read.get(name) === reading) read.delete(name)
      throw error
    }
  }
}

/** By the name of this package: the code may have been put into a file of another one. */
function builtFolder(): URL {
  const manifest = createRequire(import.meta.url).resolve('@colloquy/server/package.json')
  return new URL('dist/documentation/', pathToFileURL(manifest))
}
