import { randomUUID } from 'node:crypto'
import { type ChatResponse, ColloquyError, type TurnRef } from '@colloquy/client'
import { exitCodes } from '../exit-codes.js'
import { listenForSignals, type StopSignal } from '../listen-for-signals.js'
import type { Surroundings } from '../main-options.js'
import { exitCodeOf } from '../server-connection/explain-server-error.js'
import { readAnswer } from './answer/read-answer.js'
import { type ChatScreen, createChatScreen } from './chat-screen.js'
import { chatRequest, createCurrentSession } from './current-session.js'
import { explainChatError } from './explain-chat-error.js'
import { rememberSession } from './memory/last-sessions.js'
import { createRunningAnswer, type RunningAnswer } from './running-answer.js'
import { type ChatStart, findStart, type Memory } from './start.js'
import type { ChatConnection } from './watched-connection.js'

/** One message. */
export interface OneMessage {
  readonly message: string
  readonly start: ChatStart
  readonly memory: Memory
  /** Prints the whole answer as JSON, instead of its text as it comes. */
  readonly json: boolean
}

/**
 * Says one thing and prints the answer. SIGINT and SIGTERM stop the answer at the server. Where nobody reads it any more,
 * it is left to itself.
 *
 * @returns the exit code: 0, 1 when there was no answer or not the whole, 128 and the number of a signal, or what says why
 * the server could not be asked
 * @throws CommandError for a chat that the server does not have
 */
export async function sayOnce(
  connection: ChatConnection,
  one: OneMessage,
  surroundings: Surroundings,
): Promise<number> {
  const { stdout, stderr, process } = surroundings
  const screen = createChatScreen(surroundings)
  const answering = createRunningAnswer(connection.client)
  let stoppedBy: StopSignal | undefined
  const leave = () => answering.leave()
  stdout.once('error', leave)
  const stopListening = listenForSignals(process, {
    onFirst(name) {
      stoppedBy = name
      answering.interrupt()
    },
  })
  try {
    const exitCode = await ask(connection, one, { screen, stdout, stderr, answering })
    return stoppedBy === undefined ? exitCode : exitCodesOfSignals[stoppedBy]
  } catch (error) {
    if (stoppedBy !== undefined) return exitCodesOfSignals[stoppedBy]
    if (answering.hasLeft()) return exitCodes.done // whoever read the answer has seen enough
    const text = explainChatError(error, connection)
    if (text === undefined || !(error instanceof ColloquyError)) throw error
    screen.fault(text)
    return exitCodeOf(error)
  } finally {
    stopListening()
    stdout.off('error', leave)
  }
}

const exitCodesOfSignals = { SIGINT: exitCodes.stopped, SIGTERM: 143 } as const

async function ask(
  connection: ChatConnection,
  { message, start, memory, json }: OneMessage,
  {
    screen,
    stdout,
    stderr,
    answering,
  }: {
    readonly screen: ChatScreen
    readonly stdout: Surroundings['stdout']
    readonly stderr: Surroundings['stderr']
    readonly answering: RunningAnswer
  },
): Promise<number> {
  const { sessionId, note } =
    start.kind === 'session' ? { sessionId: start.id } : await findStart(connection.client, start, memory)
  if (note !== undefined) screen.note(note)
  const session = createCurrentSession(start.kind === 'new' ? start.chat : undefined, (id) =>
    rememberSession(memory.file, { server: memory.server, session_id: id }),
  )
  if (sessionId !== undefined) await session.goOn(sessionId)
  const turn = Promise.withResolvers<TurnRef>()
  turn.promise.catch(() => undefined) // reading the stream fails as well, and tells why
  const signal = answering.begin(turn.promise)
  const stream = connection.client.stream(chatRequest(session, message), {
    signal,
    idempotencyKey: randomUUID(),
  })
  const taken = Promise.all([stream.sessionId, stream.turnId]).then(async ([session_id, turn_id]) => {
    turn.resolve({ session_id, turn_id })
    await session.goOn(session_id)
  })
  taken.catch(turn.reject)
  let whole: ChatResponse | undefined
  const shown = json ? { ...screen, say: () => undefined, hasStatus: false } : screen
  const end = await readAnswer(stream, {
    screen: shown,
    connection,
    showsCalls: false,
    onLost: (text) => stderr.write(`${text}\n`), // and nothing into the answer
    onEvent(event) {
      if (event.type === 'turn.completed') whole = event.data
    },
  })
  await taken
  if (whole === undefined) {
    if (end !== undefined) screen.fault(end.text)
    return exitCodes.failed
  }
  if (json) stdout.write(`${JSON.stringify(whole, null, 2)}\n`)
  else if (whole.content === '') stdout.write('\n')
  if (end?.kind === 'note' && whole.content !== '') screen.note(end.text)
  return exitCodes.done
}
