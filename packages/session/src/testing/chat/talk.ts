import { newSessionId, type Told } from './chat-context.js'
import { exchange, readAnswer } from './read-answer.js'
import type { TriedChat } from './tried-chat.js'

/** One turn of a session, by default of a new one, and what the next one is told. */
export async function talk(
  ask: TriedChat['ask'],
  message: string,
  { sessionId = newSessionId(), state = null, history = [] }: Told = {},
): Promise<Told> {
  const answer = await readAnswer(ask(message, { sessionId, state, history }))
  return { sessionId, state: answer.state ?? state, history: [...history, ...exchange(message, answer)] }
}
