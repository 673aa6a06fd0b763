import type { Surroundings } from '../main-options.js'
import { createAnswerPrinter } from './answer-printer.js'
import type { ServerConnection } from './connect.js'
import { explainChatError } from './explain-chat-error.js'

/** One message. */
export interface Saying {
  readonly message: string
  readonly sessionId: string | undefined
  /** Prints the whole answer as JSON, instead of its text as it comes. */
  readonly json: boolean
}

/** Says one thing and prints the answer. Returns the exit code: 1 when there was none, or not the whole. */
export async function sayOnce(
  { client, url }: ServerConnection,
  { message, sessionId, json }: Saying,
  { stdout, stderr, env }: Surroundings,
): Promise<number> {
  const request = sessionId === undefined ? { message } : { message, session_id: sessionId }
  const reader = new AbortController()
  const leave = () => reader.abort()
  stdout.once('error', leave)
  const printer = createAnswerPrinter({ stdout, stderr, env, showsCalls: false })
  try {
    if (json) {
      const response = await client.send(request, { signal: reader.signal })
      stdout.write(`${JSON.stringify(response, null, 2)}\n`)
      return 0
    }
    const fault = await printer.print(client.stream(request, { signal: reader.signal }))
    if (fault === undefined) return 0
    stderr.write(`${fault}\n`)
  } catch (error) {
    if (reader.signal.aborted) return 0 // whoever read the answer has seen enough
    const message = explainChatError(error, url)
    if (message === undefined) throw error
    printer.endLine()
    stderr.write(`${message}\n`)
  } finally {
    stdout.off('error', leave)
  }
  return 1
}
