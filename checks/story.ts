import { dirname, join } from 'node:path'
import { freePort } from './free-port.ts'
import { withKnown } from './match-output.ts'
import { createPageFolder } from './page-folder.ts'
import { plainEnvironment } from './run-node.ts'
import type { RunningProgram } from './start-program.ts'

/** A page while it is run. */
export interface Story {
  readonly folder: string
  /** What the ids and keys that the page shows are in this run. */
  readonly known: Map<string, string>
  /** What 8000, the port that the page shows, is in this run. */
  readonly port: number
  server: RunningProgram | undefined
  /** What the page has set: `TURN=localhost:8000/…`. */
  readonly variables: Record<string, string>
  /** Stops the server, and removes the folder. */
  end(): Promise<void>
}

/** @param page its path */
export async function beginStory(page: string): Promise<Story> {
  const { path, remove } = createPageFolder(page)
  const story: Story = {
    folder: path,
    known: new Map(),
    port: await freePort(),
    server: undefined,
    variables: {},
    async end() {
      await story.server?.close()
      remove()
    },
  }
  return story
}

/** What the page says, with the ids, the keys and the port of this run. */
export function adapted({ known, port }: Story, text: string): string {
  return withKnown(text, known).replaceAll(/(?<=localhost:|127\.0\.0\.1:)8000\b/g, String(port))
}

/** What came, with the port that the page shows. */
export function asShown({ port }: Story, said: string): string {
  // A server on its usual port need not be named to those who talk to it.
  return said
    .replaceAll(new RegExp(`(?<=:)${port}\\b`, 'g'), '8000')
    .replaceAll(/^( {2}try .*) --url http:\/\/localhost:8000$/gm, '$1')
}

/** The variables of the page's programs; its commands are those that it has installed. */
export function environmentOf({ folder, port, variables }: Story) {
  const path = [join(folder, 'node_modules/.bin'), dirname(process.execPath), plainEnvironment.PATH].join(':')
  return { ...plainEnvironment, PATH: path, COLLOQUY_URL: `http://localhost:${port}`, ...variables }
}
