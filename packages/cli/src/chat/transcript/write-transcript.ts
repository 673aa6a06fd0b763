import { lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Client } from '@colloquy/client'
import { describeFileError } from '../../files/describe-file-error.js'
import { replaceFile } from '../../files/replace-file.js'
import type { Surroundings } from '../../main-options.js'
import { latestMessages } from '../current-session.js'
import { transcriptMarkdown } from './transcript-markdown.js'

/** What to write, and where. */
export interface TranscriptOptions {
  readonly sessionId: string
  /** What was typed behind `/export`: `--force`, and the name of a file. */
  readonly words: string
  readonly place: Pick<Surroundings, 'cwd' | 'env'>
}

/**
 * Writes a session to a file, for its owner only: as JSON where its name ends in `.json`, as Markdown otherwise.
 *
 * @returns what to tell: where it is, or why it is not
 */
export async function writeTranscript(
  client: Client,
  { sessionId, words, place }: TranscriptOptions,
): Promise<{ readonly isWritten: boolean; readonly text: string }> {
  const { isForced, name } = readWords(words, sessionId)
  const path = resolve(place.cwd, atHome(name, place.env['HOME']))
  if (!isForced && (await isThere(path)))
    return { isWritten: false, text: `${name} is there already. To write over it: /export --force ${name}` }
  const session = await client.sessions.get(sessionId)
  const messages = await latestMessages(client, sessionId, session.message_count)
  const text = path.toLowerCase().endsWith('.json')
    ? `${JSON.stringify({ session, messages }, null, 2)}\n`
    : transcriptMarkdown(session, messages)
  try {
    await replaceFile(path, text)
  } catch (error) {
    return { isWritten: false, text: describeWriteError(error, name) }
  }
  return { isWritten: true, text: `${messages.length} messages written to ${path}` }
}

function readWords(words: string, sessionId: string) {
  const isForced = /^--force(\s|$)/.test(words)
  const name = isForced ? words.replace(/^--force\s*/, '') : words
  return { isForced, name: name === '' ? `${sessionId}.md` : name }
}

function atHome(name: string, home: string | undefined): string {
  return home !== undefined && name.startsWith('~/') ? join(home, name.slice(2)) : name
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false, // what can't be looked at can't be written either, and that tells why
  )
}

function describeWriteError(error: unknown, name: string): string {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR'
    ? `${name} can't be written: there is no such folder.`
    : describeFileError(error, name)
}
