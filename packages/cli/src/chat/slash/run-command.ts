import type { Talk } from '../talk.js'
import { writeTranscript } from '../transcript/write-transcript.js'
import { beginSession } from './begin-session.js'
import { helpText } from './help-text.js'
import { listFunctions } from './list-functions.js'
import { listSessions } from './list-sessions.js'
import { showHistory } from './show-history.js'
import { showStatus } from './show-status.js'
import type { SlashName } from './slash-commands.js'
import { switchSession } from './switch-session.js'

/** A command at the prompt; it gets what was typed behind its name. */
type SlashCommand = (talk: Talk, rest: string) => void | Promise<void>

/** What each command does; to leave is a matter of whoever prompts. */
export const runCommand: Readonly<Record<Exclude<SlashName, 'quit'>, SlashCommand>> = {
  help: ({ screen }) => screen.note(helpText(screen.columns())),
  new: beginSession,
  sessions: listSessions,
  switch: switchSession,
  history: showHistory,
  functions: listFunctions,
  status: showStatus,
  export: exportSession,
}

async function exportSession({ connection, screen, session, place }: Talk, words: string): Promise<void> {
  const sessionId = session.id()
  if (sessionId === undefined) return screen.note('Nothing has been said in this session.')
  const { isWritten, text } = await writeTranscript(connection.client, { sessionId, words, place })
  if (isWritten) screen.note(text)
  else screen.fault(text)
}
