import { type Client, ColloquyError } from '@colloquy/client'
import { usageError } from '../command-error.js'
import { lastSession } from './memory/last-sessions.js'
import { chatFault } from './slash/begin-session.js'

/** Where a conversation begins. */
export type ChatStart =
  | { readonly kind: 'new'; readonly chat: string | undefined }
  | { readonly kind: 'session'; readonly id: string }
  /** The last one at the server. */
  | { readonly kind: 'continue' }

/** Where the last sessions are kept, and which of them counts. */
export interface Memory {
  /** Undefined where nothing can be kept. */
  readonly file: string | undefined
  /** The server that a session is at: where it is, or the place of its store. */
  readonly server: string
}

/**
 * The session that a conversation begins in; none for a new one.
 *
 * @returns also a note when there is nothing to continue
 * @throws CommandError for a chat that the server does not have
 * @throws ColloquyError when there is no session of that id
 */
export async function findStart(
  client: Client,
  start: ChatStart,
  { file, server }: Memory,
): Promise<{ readonly sessionId?: string; readonly note?: string }> {
  switch (start.kind) {
    case 'new': {
      const fault = start.chat === undefined ? undefined : chatFault(await client.status(), start.chat)
      if (fault !== undefined) throw usageError(`--chat: ${fault}`)
      return {}
    }
    case 'session':
      await client.sessions.get(start.id)
      return { sessionId: start.id }
    case 'continue': {
      const id = await lastSession(file, server)
      if (id === undefined) return { note: 'There is no session to continue. A new one begins.' }
      if (await isThere(client, id)) return { sessionId: id }
      return { note: 'The last session has expired, or was deleted. A new one begins.' }
    }
    default:
      return start satisfies never
  }
}

async function isThere({ sessions }: Client, id: string): Promise<boolean> {
  try {
    await sessions.get(id)
    return true
  } catch (error) {
    if (error instanceof ColloquyError && error.code === 'session_not_found') return false
    throw error
  }
}
