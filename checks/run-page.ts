import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { freePort } from './free-port.ts'
import { matchesOutput, withKnown } from './match-output.ts'
import { createPageFolder } from './page-folder.ts'
import { type Block, type Page } from './read-page.ts'
import { root } from './read-workspace.ts'
import { plainEnvironment } from './run-node.ts'
import { type Command, splitScript, splitSession } from './split-commands.ts'
import { type RunningProgram, startProgram } from './start-program.ts'

/** A page while it is run. */
interface Story {
  readonly folder: string
  /** What the ids and keys, and the port, that the page shows are in this run. */
  readonly known: Map<string, string>
  readonly port: number
  server: RunningProgram | undefined
  /** What the page has set: `TURN=localhost:8000/…`. */
  readonly variables: Record<string, string>
  /** Where the next program without a name is written to. */
  programs: number
}

const pagePort = '8000'
const languages: ReadonlySet<string> = new Set(['ts', 'js', 'sh', 'console', 'python'])

/**
 * Runs the code of a page, block after block in one folder, and compares what it prints with what the page shows.
 * CONTRIBUTING.md says what a page has to say for that.
 *
 * @throws Error for the first block that does not do what the page says, with its place
 */
export async function runPage(page: Page): Promise<void> {
  const folder = createPageFolder(page.path)
  const story: Story = {
    folder: folder.path,
    known: new Map(),
    port: await freePort(),
    server: undefined,
    variables: {},
    programs: 0,
  }
  try {
    for (const [index, block] of page.blocks.entries()) {
      const next = page.blocks[index + 1]
      const output = next?.followsOn === true && ['text', 'json'].includes(next.language) ? next : undefined
      await runBlock(story, block, output).catch((error: unknown) => {
        throw new Error(`${page.path}:${block.line}: ${String(error)}`, { cause: error })
      })
    }
  } finally {
    await story.server?.close()
    folder.remove()
  }
}

/** Whether a block is something that could be run. */
export function isCode({ language }: Block): boolean {
  return languages.has(language)
}

async function runBlock(story: Story, block: Block, output: Block | undefined): Promise<void> {
  const { language, content, note = '' } = block
  if (/^(?:not run|run by): /.test(note)) return
  if (note.startsWith('with: ')) await startServer(story, note.slice('with: '.length))
  const name = fileNameOf(block)
  if (name !== undefined) {
    mkdirSync(dirname(join(story.folder, name)), { recursive: true })
    writeFileSync(join(story.folder, name), adapted(story, content))
  } else if (language === 'sh') {
    let said = ''
    for (const { text } of splitScript(content)) said = await runCommand(story, text)
    if (output !== undefined) expectOutput(story, output.content, said, output.language)
  } else if (language === 'console') {
    for (const command of splitSession(content)) await runSession(story, command)
  } else if (isCode(block)) {
    const file = `program-${(story.programs += 1)}.${language === 'python' ? 'py' : language}`
    writeFileSync(join(story.folder, file), adapted(story, content))
    const command = language === 'python' ? `python3 ${file}` : `node ${file}`
    if (/COLLOQUY_URL|localhost:8000/.test(content)) await ensureServer(story)
    const said = await run(story, command)
    if (output === undefined) expectOutput(story, commentedOutput(content), withoutLog(said))
    else expectOutput(story, output.content, said, output.language)
  }
}

/** The file that a block is to be written to: by a comment in its first line, or one before it. */
export function fileNameOf({ content, note = '' }: Block): string | undefined {
  return /^file: (\S+)$/.exec(note)?.[1] ?? /^(?:\/\/|#) ([\w./-]+\.\w+)\n/.exec(content)?.[1]
}

async function runSession(story: Story, { text, shown }: Command): Promise<void> {
  const said = await runCommand(story, text, shown)
  if (shown !== undefined) expectOutput(story, shown, said)
}

/**
 * @param shown what the page shows of its output, if it does: then it may fail, and a server be one that does not start
 * @returns what it wrote
 */
async function runCommand(story: Story, text: string, shown?: string): Promise<string> {
  if (text.startsWith('npm install')) return ''
  const [, variable, value] = /^(?:export )?([A-Z_]+)=(\S+)$/.exec(text) ?? []
  if (variable !== undefined && value !== undefined) {
    story.variables[variable] = adapted(story, value)
    return ''
  }
  const isUp = shown === undefined || /^…$|listening on/.test(shown)
  if (isUp && /^(?:\w+=\S+ )*(?:npx )?colloquy serve\b/.test(text)) {
    const { said } = await startServer(story, text)
    return asShown(story, said.join('\n'))
  }
  if (/localhost:8000|colloquy chat/.test(text)) await ensureServer(story)
  return run(story, adapted(story, text), shown !== undefined)
}

/** A page that asks a server without having started one is answered by an echo. */
async function ensureServer(story: Story): Promise<void> {
  const echo = join(root, 'checks/word-by-word-echo.ts')
  if (story.server === undefined) await startServer(story, `colloquy serve ${echo}`)
}

/** Starts a server in the place of the one that runs. */
async function startServer(story: Story, text: string): Promise<RunningProgram> {
  await story.server?.close()
  story.server = undefined
  const command = ['bash', '-c', `exec env ${adapted(story, text).replace(/^npx /, '')}`]
  const env = { ...environmentOf(story), COLLOQUY_PORT: String(story.port), COLLOQUY_PRETTY: 'true' }
  story.server = await startProgram(command, (line) => line.startsWith('  docs http'), {
    cwd: story.folder,
    env,
  })
  return story.server
}

function environmentOf({ folder, port, variables }: Story) {
  const path = [join(folder, 'node_modules/.bin'), dirname(process.execPath), plainEnvironment.PATH].join(':')
  return { ...plainEnvironment, PATH: path, COLLOQUY_URL: `http://localhost:${port}`, ...variables }
}

/** Runs a command of the page, for at most half a minute. */
function run(story: Story, command: string, mayFail = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: story.folder, env: environmentOf(story), timeout: 30_000 }
    execFile('bash', ['-c', `exec 2>&1\n${command}`], options, (error, stdout) => {
      const said = asShown(story, stdout)
      if (error !== null && (!mayFail || error.killed === true))
        reject(new Error(`${command} failed:\n${said}`))
      else resolve(said)
    })
  })
}

function expectOutput(story: Story, shown: string, said: string, language = 'text'): void {
  const [expected, actual] = language === 'json' ? [pretty(shown), pretty(said)] : [shown, said]
  if (!matchesOutput(expected, actual, story.known))
    throw new Error(`the page shows\n\n${expected}\n\nbut this came:\n\n${actual}`)
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

/** What came, with the port that the page shows. */
function asShown({ port }: Story, said: string): string {
  return said.replaceAll(String(port), pagePort)
}

/** What the page says, with the ids, the keys and the port of this run. */
function adapted({ known, port }: Story, text: string): string {
  return withKnown(text, known).replaceAll(/(?<=localhost:|127\.0\.0\.1:)8000\b/g, String(port))
}
