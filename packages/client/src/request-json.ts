import { attempts } from './attempts.js'
import type { Call } from './call.js'
import { invalid, problemOf } from './fault.js'
import type { CallOptions } from './options.js'
import { readAll, sendRequest } from './send-request.js'
import { type Settings, settingsOf } from './settings.js'
import { parseJson, wrongField } from './shapes.js'

/** Whether a status beyond 2xx is an answer, too; the repetition is 0 for the first attempt. */
export type TakesStatus = (status: number, repetition: number) => boolean

/** Makes a call whose answer is JSON of a certain shape; an empty one is of no answer. */
export async function requestJson<Answer>(
  client: Settings,
  call: Call,
  options: CallOptions | undefined,
  shape: string,
  takes?: TakesStatus,
): Promise<Answer> {
  const settings = settingsOf(client, options)
  return attempts(settings, async (signal, repetition) => {
    const answer = await sendRequest(settings, call, signal)
    const value = parseJson(await readAll(answer, signal))
    const wrong = shape && wrongField(value, shape)
    if (wrong || !(answer.ok || takes?.(answer.status, repetition))) {
      if (!answer.ok || value === undefined) throw problemOf(answer, value)
      throw invalid(`The answer has ${wrong}.`, answer)
    }
    return value as Answer
  })
}
