import { randomUUID } from 'node:crypto'
import { ColloquyError, type TurnEvent, type TurnRef } from '@colloquy/client'
import type { TurnEnd } from './answer/describe-end.js'
import { readAnswer } from './answer/read-answer.js'
import { chatRequest } from './current-session.js'
import { explainChatError } from './explain-chat-error.js'
import type { Talk } from './talk.js'

/** What became of a message. */
export interface Said {
  /** Whether the server has it. */
  readonly isTaken: boolean
  /** Whether its answer was stopped by Ctrl-C. */
  readonly isStopped: boolean
}

/** Something to say, and what it is known by, also when it is sent again. */
export interface Saying {
  readonly message: string
  readonly key: string
}

/** A message under a new key. */
export function newSaying(message: string): Saying {
  return { message, key: randomUUID() }
}

/** Says something in the session of the talk, and shows the answer. What goes wrong is told. */
export async function say(talk: Talk, { message, key }: Saying): Promise<Said> {
  const { connection, session, answering } = talk
  const turn = Promise.withResolvers<TurnRef>()
  turn.promise.catch(() => undefined) // reading the stream fails as well, and tells why
  const signal = answering.begin(turn.promise)
  const request = { ...chatRequest(session, message), on_busy: 'queue' as const }
  const stream = connection.client.stream(request, { signal, idempotencyKey: key })
  let isTaken = false
  const taken = Promise.all([stream.sessionId, stream.turnId]).then(([session_id, turn_id]) => {
    isTaken = true
    turn.resolve({ session_id, turn_id })
    return session.goOn(session_id)
  }, turn.reject)
  const isStopped = await show(talk, stream, { signal, isTaken: () => isTaken })
  await taken // it is remembered by then
  return { isTaken, isStopped }
}

/** Shows a turn that runs already, from its beginning. */
export async function follow(talk: Talk, turn: TurnRef): Promise<void> {
  const signal = talk.answering.begin(Promise.resolve(turn))
  const { turns } = talk.connection.client.session(turn.session_id)
  await show(talk, turns.events(turn.turn_id, { signal }), { signal, isTaken: () => true })
}

/** @returns whether the answer was stopped */
async function show(
  { connection, screen, source, session, answering }: Talk,
  events: AsyncIterable<TurnEvent>,
  { signal, isTaken }: { readonly signal: AbortSignal; readonly isTaken: () => boolean },
): Promise<boolean> {
  try {
    const end = await readAnswer(events, { screen, connection, showsCalls: true })
    if (end !== undefined) tellEnd({ screen, source }, end)
    return end?.isStopped ?? false
  } catch (error) {
    if (signal.aborted) {
      const unasked = 'The server could not be asked to stop; the answer is read no further.'
      if (!answering.hasLeft()) screen.note(isTaken() ? unasked : 'not sent')
      return true
    }
    const text = explainChatError(error, connection, { atPrompt: true })
    if (text === undefined) throw error
    screen.fault(text)
    if (error instanceof ColloquyError && error.code === 'session_not_found') session.begin()
    return false
  } finally {
    answering.end()
    if (isTaken()) screen.gap()
  }
}

function tellEnd({ screen, source }: Pick<Talk, 'screen' | 'source'>, { kind, text }: TurnEnd): void {
  if (kind === 'note') screen.note(text)
  if (kind === 'fault') screen.fault(source.hasRecall ? `${text} Up brings your message back.` : text)
}
