import type { Status } from '@colloquy/client'
import type { Surroundings } from '../main-options.js'
import { createChatScreen } from './chat-screen.js'
import { createCurrentSession } from './current-session.js'
import { createMessageSource } from './input/create-message-source.js'
import type { MessageSource, SourceParts } from './input/message-source.js'
import { rememberSession } from './memory/last-sessions.js'
import { promptUntilLeft } from './prompt.js'
import { resumeSession } from './resume-session.js'
import { createRunningAnswer } from './running-answer.js'
import { completeLine } from './slash/complete-line.js'
import { listIds } from './slash/switch-session.js'
import { type ChatStart, findStart, type Memory } from './start.js'
import type { Talk } from './talk.js'
import type { ChatConnection } from './watched-connection.js'

/** How long the server may take to say what it is, in milliseconds. */
const greetingMs = 10_000

/** A conversation on a terminal. */
export interface Conversation {
  readonly connection: ChatConnection
  /** What is talked to, for people. */
  readonly place: string
  readonly start: ChatStart
  readonly memory: Memory
  /** What to type to go on another time; undefined where what was said is gone by then. */
  readonly again: ((sessionId: string, isRemembered: boolean) => string) | undefined
  /** Is told how to write beside what is typed. Default: nobody is. */
  readonly onScreen?: ((write: (text: string) => void) => void) | undefined
}

/**
 * Prompts for messages and shows the answers, until the user leaves.
 *
 * @throws ColloquyError when the server, or the session to begin in, is not there
 * @throws CommandError for a chat that the server does not have
 */
export async function converse(conversation: Conversation, surroundings: Surroundings): Promise<void> {
  const { connection, start, memory, again } = conversation
  const { stdout } = surroundings
  const status = await connection.client.status({ timeout: greetingMs })
  const { sessionId, note } = await findStart(connection.client, start, memory)
  const talk = createTalk(conversation, status, surroundings)
  const { screen, session, source, answering } = talk
  const leave = () => {
    answering.leave()
    source.close()
  }
  stdout.once('error', leave)
  try {
    screen.note(greeting(status, conversation, session.chat()))
    if (note !== undefined) screen.note(note)
    if (sessionId !== undefined) await resumeSession(talk, sessionId)
    await promptUntilLeft(talk)
  } finally {
    stdout.off('error', leave)
    source.close()
    connection.stopRequests()
  }
  const id = session.id()
  if (id !== undefined && again !== undefined) screen.note(again(id, session.isRemembered()))
}

function greeting({ chat, chats }: Status, { place }: Conversation, chosen: string | undefined): string {
  const name = chosen ?? chats[0]?.name ?? chat.name
  return `Talking to ${name} ${place}. /help tells more, Ctrl-D leaves.`
}

function createTalk(
  { connection, start, memory, onScreen }: Conversation,
  { chats }: Status,
  { stdin, stdout, stderr, env, cwd, process }: Surroundings,
): Talk {
  const screen = createChatScreen({ stdout, stderr, env })
  const answering = createRunningAnswer(connection.client)
  const session = createCurrentSession(start.kind === 'new' ? start.chat : undefined, (id) =>
    rememberSession(memory.file, { server: memory.server, session_id: id }),
  )
  const parts: SourceParts = {
    stdin,
    screen: stdout.isTTY ? stdout : stderr,
    env,
    process,
    interrupt: answering.interrupt,
    leave: answering.leave,
    note: screen.note,
    complete: (line) => {
      const sessionIds = () => orNone(listIds({ connection, session }))
      return completeLine(line, { sessionIds, chats: async () => chats.map(({ name }) => name) })
    },
  }
  const source: MessageSource = createMessageSource(parts)
  onScreen?.((text) => source.writeAbove(() => screen.fault(text)))
  return { connection, screen, source, session, answering, place: { cwd, env } }
}

/** What can't be had is not offered. */
async function orNone(ids: ReturnType<typeof listIds>): Promise<readonly string[]> {
  return ids.catch(() => [])
}
