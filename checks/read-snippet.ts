import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './read-workspace.ts'

/** The text of a file in `deploy/`, which the deployment page shows. */
export function readSnippet(name: string): string {
  return readFileSync(join(root, 'deploy', name), 'utf8')
}

/** Puts what a test needs in the place of what a snippet says: each once, or the test would try something else. */
export function adapt(snippet: string, replacements: Readonly<Record<string, string>>): string {
  let text = snippet
  for (const [said, needed] of Object.entries(replacements)) {
    const [before, after, ...more] = text.split(said)
    if (before === undefined || after === undefined || more.length > 0)
      throw new Error(`The snippet has to say ${JSON.stringify(said)} exactly once:\n${snippet}`)
    text = before + needed + after
  }
  return text
}
