import type { Call } from './call.js'
import { type Connection, interruptionOf } from './connection.js'
import { fault, type ResponseHead } from './fault.js'
import { openResponse, readText } from './open-response.js'
import type { RequestOptions } from './options.js'
import { parseJson } from './parse-json.js'
import { noProblem, readProblem } from './read-problem.js'
import { hasShape, type Shape } from './shape.js'

interface Answer {
  readonly head: ResponseHead & { readonly ok: boolean }
  readonly text: string
}

/** Makes a call whose answer is an object of a certain shape. */
export async function requestJson<Type extends object>(
  connection: Connection,
  call: Call,
  shape: Shape<Type>,
  options: RequestOptions = {},
  isAnswer: (head: Answer['head']) => boolean = (head) => head.ok,
): Promise<Type> {
  const { head, text } = await request(connection, call, options)
  const value = parseJson(text)
  if (isAnswer(head) && hasShape(value, shape)) return value
  if (!head.ok) throw readProblem(call, head, text)
  if (value === undefined) throw noProblem(call, head)
  throw fault(call, head, 'invalid_response', 'The answer lacks fields that the API promises.')
}

/** Makes a call whose answer says only that it was done. */
export async function requestNothing(
  connection: Connection,
  call: Call,
  options: RequestOptions = {},
): Promise<void> {
  const { head, text } = await request(connection, call, options)
  if (!head.ok) throw readProblem(call, head, text)
}

async function request(connection: Connection, call: Call, options: RequestOptions): Promise<Answer> {
  const interruption = interruptionOf(connection, call, options)
  const { signal } = interruption
  try {
    const response = await openResponse(connection, call, 'application/json', options.headers, signal)
    return { head: response, text: await readText(call, response, signal) }
  } finally {
    interruption.release()
  }
}
