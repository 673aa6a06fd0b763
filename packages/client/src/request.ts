import type { Call } from './call.js'
import type { Connection } from './connection.js'
import { fault, type ResponseHead } from './fault.js'
import { interruptCall } from './interrupt-call.js'
import { openResponse, readText } from './open-response.js'
import type { RequestOptions } from './options.js'
import { parseJson } from './parse-json.js'
import { noProblem, readProblem } from './read-problem.js'
import { retry } from './retry.js'
import { hasShape, type Shape } from './shape.js'

interface Answer {
  readonly head: ResponseHead & { readonly ok: boolean }
  readonly text: string
}

/** How an answer is taken. */
export interface AnswerRules {
  /** Whether it is what was asked for, and no problem. Default: when its status is 2xx. */
  readonly isAnswer?: (head: Answer['head']) => boolean
  /** How often the call is made again. Default: never. */
  readonly maxRetries?: number
}

/** Makes a call whose answer is an object of a certain shape. */
export async function requestJson<Type extends object>(
  connection: Connection,
  call: Call,
  shape: Shape<Type>,
  options: RequestOptions = {},
  { isAnswer = (head) => head.ok, maxRetries = 0 }: AnswerRules = {},
): Promise<Type> {
  return interruptible(connection, call, options, (signal) =>
    retry(connection, maxRetries, signal, async () => {
      const { head, text } = await request(connection, call, options, signal)
      const value = parseJson(text)
      if (isAnswer(head) && hasShape(value, shape)) return value
      if (!head.ok) throw readProblem(call, head, text)
      if (value === undefined) throw noProblem(call, head)
      throw fault(call, head, 'invalid_response', 'The answer lacks fields that the API promises.')
    }),
  )
}

/** Makes a call whose answer says only that it was done. */
export async function requestNothing(
  connection: Connection,
  call: Call,
  options: RequestOptions = {},
): Promise<void> {
  const { head, text } = await interruptible(connection, call, options, (signal) =>
    request(connection, call, options, signal),
  )
  if (!head.ok) throw readProblem(call, head, text)
}

async function interruptible<Result>(
  connection: Connection,
  call: Call,
  options: RequestOptions,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const interruption = interruptCall(connection, call, options)
  try {
    return await attempt(interruption.signal)
  } finally {
    interruption.release()
  }
}

async function request(
  connection: Connection,
  call: Call,
  { headers }: RequestOptions,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await openResponse(connection, call, 'application/json', headers, signal)
  return { head: response, text: await readText(call, response, signal) }
}
