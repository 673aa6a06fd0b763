import { readFile } from 'node:fs/promises'

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

const read = new Map<string, Promise<Buffer>>()

/** A file that the pages need, read once when it is first asked for; null when there is none of this name. */
export async function documentationFile(name: string): Promise<DocumentationFile | null> {
  const type = types.get(name)
  if (type === undefined) return null
  const reading = read.get(name) ?? readFile(new URL(`dist/documentation/${name}`, packageFolder))
  read.set(name, reading)
  return { type, bytes: await reading }
}

/** Two levels up from the source, and one from what is built of it. */
const packageFolder = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../', import.meta.url)
