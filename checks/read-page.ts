import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './read-workspace.ts'

/** A fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `ts`, `sh`; empty when there is nothing. */
  readonly language: string
  readonly content: string
  /** The line of its opening fence, from 1. */
  readonly line: number
  /** What a comment just before it says, which readers of the page don't see: `not run: needs a key`. */
  readonly note?: string
  /** Whether only blank lines are between it and the block before. */
  readonly followsOn: boolean
}

/** A page of Markdown. */
export interface Page {
  /** From the root on: `docs/client.md`. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly Block[]
}

/** Every page that people read: the handbook, the decisions, and all READMEs. */
export function readPages(): Page[] {
  const paths = globSync(['*.md', 'docs/**/*.md', 'packages/*/README.md', 'examples/**/README.md'], {
    cwd: root,
  })
  return paths
    .filter((path) => !path.includes('node_modules'))
    .toSorted()
    .map((path) => readPage(path, readFileSync(join(root, path), 'utf8')))
}

/** Takes a page apart. */
export function readPage(path: string, text: string): Page {
  const fences = /^(?:<!-- ([^\n]*?) -->\n+)?```(\w*)[^\n]*\n(.*?)^```$/gms
  let end = 0
  const blocks = Array.from(text.matchAll(fences), (match) => {
    const [whole, note, language = '', content = ''] = match
    const before = text.slice(end, match.index)
    const line = text.slice(0, match.index + whole.indexOf('```')).split('\n').length
    const followsOn = end > 0 && before.trim() === ''
    end = match.index + whole.length
    return { language, content, line, followsOn, ...(note === undefined ? {} : { note }) }
  })
  return { path, text, blocks }
}
