import { resumeSession } from '../resume-session.js'
import type { Talk } from '../talk.js'

/** Goes on in the session of a number in the list, or of an id or its beginning. */
export async function switchSession(talk: Talk, words: string): Promise<void> {
  const { connection, screen, session } = talk
  if (words === '') return screen.fault('Which one? /sessions lists them. Example: /switch 2')
  if (session.listed.length === 0) await listIds(talk)
  const id = sessionNamed(words, session.listed)
  if (id === undefined) return screen.fault(`There is no session ${words}. /sessions lists them.`)
  if (id === session.id()) return screen.note('That is this session.')
  const { chat } = await connection.client.sessions.get(id)
  screen.note(`Going on in ${id}${chat === null ? '' : `, with ${chat}`}.`)
  await resumeSession(talk, id)
}

/** The ids of the latest sessions, from the list if there is one. */
export async function listIds({ connection, session }: Pick<Talk, 'connection' | 'session'>) {
  if (session.listed.length === 0) {
    const { data } = await connection.client.sessions.list({ limit: 10 })
    session.listed.push(...data.map(({ session_id }) => session_id))
  }
  return session.listed
}

/** Undefined for a number that is not in the list, and for the beginning of several. */
export function sessionNamed(word: string, listed: readonly string[]): string | undefined {
  if (/^\d{1,3}$/.test(word)) return listed[Number(word) - 1]
  const begun = listed.filter((id) => id.startsWith(word) || id.startsWith(`sess_${word}`))
  if (begun.length > 1) return begun.find((id) => id === word)
  return begun[0] ?? (word.startsWith('sess_') ? word : undefined)
}
