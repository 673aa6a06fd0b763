import { join } from 'node:path'
import { root } from './read-workspace.ts'
import { startProgram } from './start-program.ts'

/** A server that runs. */
export interface RunningServer {
  /** Such as `http://localhost:49152`. */
  readonly url: string
  /** Resolves when its process has ended. */
  close(): Promise<void>
}

/**
 * Serves a module by the command line, on a free port. The command says where it listens in a line of its log, which
 * is JSON when stdout is no terminal: `{ …, "url": "http://localhost:49152" }`.
 *
 * @param module path of a chat module
 */
export async function startServer(module: string): Promise<RunningServer> {
  const bin = join(root, 'packages/cli/dist/bin.js')
  const command = [process.execPath, bin, 'serve', module, '--port', '0']
  const { said, close } = await startProgram(command, (line) => urlIn(line) !== undefined, { cwd: root })
  return { url: said.map(urlIn).find((url) => url !== undefined) ?? '', close }
}

function urlIn(line: string): string | undefined {
  try {
    const fields: unknown = JSON.parse(line)
    if (typeof fields !== 'object' || fields === null || !('url' in fields)) return undefined
    return typeof fields.url === 'string' && fields.url.startsWith('http') ? fields.url : undefined
  } catch {
    return undefined // some other line, not of the log
  }
}
