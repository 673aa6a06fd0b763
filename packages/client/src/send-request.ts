import type { Call } from './call.js'
import { ColloquyError } from './colloquy-error.js'
import { invalid, lost } from './fault.js'
import { readText } from './read-text.js'
import type { Settings } from './settings.js'
import { checkAborted } from './signals.js'

/** The longest answer that is read, in UTF-16 code units; a page of the longest messages that are allowed has less. */
const maxAnswerLength = 2 ** 28

/** Sends a request and waits for the head of its answer. */
export async function sendRequest(
  { baseUrl, fetch, headers: given, accept }: Settings,
  { method, path, body, rest, headers: own }: Call,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers()
  for (const [name, value] of [...given, ...Object.entries({ ...own, accept })]) headers.set(name, value)
  const init: RequestInit = { method, headers, signal }
  if (body) {
    init.body = JSON.stringify({ ...body, ...(await rest?.(signal)) })
    headers.set('content-type', 'application/json')
  }
  return transfer(signal, () => fetch(baseUrl + path, init))
}

/** The whole text of an answer. */
export async function readAll(answer: Response, signal: AbortSignal): Promise<string> {
  return transfer(signal, async () => {
    let text = ''
    for await (const piece of readText(answer.body, Infinity, () => false)) {
      text += piece
      if (text.length > maxAnswerLength) throw invalid('The answer is too long.', answer)
    }
    return text
  })
}

/** Waits for the network; what goes wrong is the signal's reason, if it has one, or else the network's fault. */
async function transfer<Result>(signal: AbortSignal, wait: () => Promise<Result>): Promise<Result> {
  checkAborted(signal)
  try {
    return await wait()
  } catch (cause) {
    checkAborted(signal)
    throw cause instanceof ColloquyError ? cause : lost(cause)
  }
}
