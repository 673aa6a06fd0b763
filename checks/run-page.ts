import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { matchesOutput } from './match-output.ts'
import type { Block, Page } from './read-page.ts'
import { ensureServer, run, runCommand, startServer, stopServer } from './run-command.ts'
import { splitScript, splitSession } from './split-commands.ts'
import { adapted, beginStory, type Story } from './story.ts'

/** What code is run by; shells are another matter. */
const interpreters: Readonly<Record<string, string>> = { ts: 'node', js: 'node', python: 'python3' }
/** How much of an output that is another one is told, in characters. */
const maxShown = 4_000
/** `tsx` is a page's: a test runs it in a browser. */
const languages: ReadonlySet<string> = new Set([...Object.keys(interpreters), 'tsx', 'sh', 'console'])

/**
 * Runs the code of a page, block after block in one folder, and compares what it prints with what the page shows.
 * CONTRIBUTING.md says what a page has to say for that.
 *
 * @throws Error for the first block that does not do what the page says, with its place
 */
export async function runPage(page: Page): Promise<void> {
  const story = await beginStory(page.path)
  try {
    for (const [index, block] of page.blocks.entries()) {
      const next = page.blocks[index + 1]
      const output = next?.followsOn === true && ['text', 'json'].includes(next.language) ? next : undefined
      await runBlock(story, block, output).catch((error: unknown) => {
        throw new Error(`${page.path}:${block.line}: ${String(error)}`, { cause: error })
      })
    }
  } finally {
    await story.end()
  }
}

/** Whether a block is something that could be run. */
export function isCode({ language }: Block): boolean {
  return languages.has(language)
}

/** The file that a block is to be written to: by a comment in its first line, or one before it. */
export function fileNameOf({ content, note = '' }: Block): string | undefined {
  return /^file: (\S+)$/.exec(note)?.[1] ?? /^(?:\/\/|#) ([\w./-]+\.\w+)\n/.exec(content)?.[1]
}

async function runBlock(story: Story, block: Block, output: Block | undefined): Promise<void> {
  const { language, content, note = '' } = block
  if (/^(?:not run|run by): /.test(note)) return
  const [, server] = /^with: (.*)$/.exec(note) ?? []
  if (server === 'no server') await stopServer(story)
  else if (server !== undefined) await startServer(story, server)
  const name = fileNameOf(block)
  if (name !== undefined) {
    mkdirSync(dirname(join(story.folder, name)), { recursive: true })
    writeFileSync(join(story.folder, name), adapted(story, content))
  } else if (language === 'sh') {
    let said = ''
    for (const { text } of splitScript(content)) said = await runCommand(story, text)
    if (output !== undefined) expectOutput(story, output.content, said, output.language)
  } else if (language === 'console') {
    for (const { text, shown } of splitSession(content)) {
      const said = await runCommand(story, text, shown)
      if (shown !== undefined) expectOutput(story, shown, said)
    }
  } else if (isCode(block)) await runProgram(story, block, output)
}

async function runProgram(story: Story, { language, content, line }: Block, output: Block | undefined) {
  const file = `line-${line}.${language === 'python' ? 'py' : language}`
  if (/COLLOQUY_URL|localhost:8000/.test(content)) await ensureServer(story)
  writeFileSync(join(story.folder, file), adapted(story, content))
  const said = await run(story, `${interpreters[language]} ${file}`)
  if (output === undefined) expectOutput(story, commentedOutput(content), withoutLog(said))
  else expectOutput(story, output.content, said, output.language)
}

function expectOutput(story: Story, shown: string, said: string, language = 'text'): void {
  const [expected, actual] = language === 'json' ? [pretty(shown), pretty(said)] : [shown, said]
  if (!matchesOutput(expected, actual, story.known))
    throw new Error(`the page shows\n\n${expected}\n\nbut this came:\n\n${actual.slice(0, maxShown)}`)
}

/** What a program prints besides the lines of its log. */
function withoutLog(said: string): string {
  return said.replaceAll(/^{"level":.*\n/gm, '')
}

/** What a program prints, where its lines say so themselves: `console.log(status) // 200`. */
function commentedOutput(content: string): string {
  return Array.from(content.matchAll(/^ *console\.log.*\/\/ (.+)$/gm), ([, value]) => value).join('\n')
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2)
}
