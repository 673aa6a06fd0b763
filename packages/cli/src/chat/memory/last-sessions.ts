import { readFile } from 'node:fs/promises'
import { makeFolderOf } from '../../files/make-folder-of.js'
import { replaceFile } from '../../files/replace-file.js'

/** The session that was talked in last, of a server. */
interface LastSession {
  readonly server: string
  readonly session_id: string
}

/** Of so many servers the last session is kept. */
const mostServers = 50

/** The session that was talked in last at a server; undefined when none is known. What can't be read knows none. */
export async function lastSession(file: string | undefined, server: string): Promise<string | undefined> {
  if (file === undefined) return undefined
  return (await readSessions(file)).find((last) => last.server === server)?.session_id
}

/**
 * Keeps which session was talked in last at a server: its id and where the server is, nothing of what was said.
 *
 * @returns whether it could be written
 */
export async function rememberSession(file: string | undefined, last: LastSession): Promise<boolean> {
  if (file === undefined) return false
  try {
    const others = (await readSessions(file)).filter(({ server }) => server !== last.server)
    const sessions = [last, ...others].slice(0, mostServers)
    await makeFolderOf(file)
    await replaceFile(file, `${JSON.stringify({ sessions }, null, 2)}\n`)
    return true
  } catch {
    return false // a conversation is no worse for it
  }
}

async function readSessions(file: string): Promise<readonly LastSession[]> {
  try {
    const { sessions } = JSON.parse(await readFile(file, 'utf8')) as { sessions?: unknown }
    return Array.isArray(sessions) ? sessions.filter(isLastSession) : []
  } catch {
    return []
  }
}

function isLastSession(value: unknown): value is LastSession {
  if (typeof value !== 'object' || value === null) return false
  const { server, session_id } = value as Partial<Record<keyof LastSession, unknown>>
  return typeof server === 'string' && typeof session_id === 'string'
}
