import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { root } from './read-workspace.ts'
import { startProgram } from './start-program.ts'
import { adapted, asShown, environmentOf, type Story } from './story.ts'

/** How much of what a command that failed wrote is told, in characters. */
const maxTold = 2_000

/**
 * Runs a command of the page as its reader would: what a server says until it is up, what anything else says until it ends.
 *
 * @param shown what the page shows of its output, if it does: then it may fail, and a server be one that does not start
 * @returns what it wrote
 */
export async function runCommand(story: Story, text: string, shown?: string): Promise<string> {
  if (text.startsWith('npm install')) return ''
  const [, variable, value] = /^(?:export )?([A-Z_]+)=(\S+)$/.exec(text) ?? []
  if (variable !== undefined && value !== undefined) {
    story.variables[variable] = adapted(story, value)
    return ''
  }
  const isUp = shown === undefined || /^…$|listening on/.test(shown)
  if (isUp && /^(?:\w+=\S+ )*(?:npx )?colloquy serve\b/.test(text)) {
    await startServer(story, text)
    return asShown(story, story.server?.said.join('\n') ?? '')
  }
  if (/localhost:8000|colloquy chat/.test(text)) await ensureServer(story)
  return run(story, adapted(story, text), shown !== undefined)
}

/** A page that asks a server without having started one is answered by an echo. */
export async function ensureServer(story: Story): Promise<void> {
  const echo = join(root, 'checks/word-by-word-echo.ts')
  if (story.server === undefined) await startServer(story, `colloquy serve ${echo}`)
}

/** Starts a server in the place of the one that runs. */
export async function startServer(story: Story, text: string): Promise<void> {
  await stopServer(story)
  const command = ['bash', '-c', `exec env ${adapted(story, text).replace(/^npx /, '')}`]
  const env = { ...environmentOf(story), COLLOQUY_PORT: String(story.port), COLLOQUY_PRETTY: 'true' }
  story.server = await startProgram(command, (line) => /^ {2}stop +Ctrl-C$/.test(line), {
    cwd: story.folder,
    env,
  })
}

/** Runs a command of the page, for at most half a minute. */
export function run(story: Story, command: string, mayFail = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: story.folder, env: environmentOf(story), timeout: 30_000 }
    execFile('bash', ['-c', `exec 2>&1\n${command}`], options, (error, stdout) => {
      const said = asShown(story, stdout)
      if (error !== null && (!mayFail || error.killed === true))
        reject(new Error(`${command} failed:\n${said.slice(-maxTold)}`))
      else resolve(said)
    })
  })
}

/** Stops the server of a page, if one runs. */
export async function stopServer(story: Story): Promise<void> {
  await story.server?.close()
  story.server = undefined
}
