import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { toEvent } from './completion.js'
import { repeated } from './failure-response.js'
import type { ModelBreak } from './model-answer.js'
import type { ModelRequest } from './model-request.js'

/** Ends an answer as it should not end, after what was written before is on its way. */
export async function breakOff(
  how: ModelBreak,
  request: ModelRequest,
  response: ServerResponse,
): Promise<void> {
  if (typeof how === 'object') {
    response.end(toEvent(how))
    return
  }
  switch (how) {
    case 'cut':
    case 'reset':
      await breakConnection(how, response)
      return
    case 'hang':
      return
    case 'malformed':
      response.end(`data: {"choices": [${repeated(request)}\n\n`)
      return
    case 'wrong_shape':
      response.end(toEvent({ choices: repeated(request) }))
      return
    case 'error':
      response.end(overloadedEvent(request))
      return
    case 'error_and_hang':
      response.write(overloadedEvent(request))
      return
    case 'early_end':
      response.end()
  }
}

function overloadedEvent(request: ModelRequest): string {
  const message = `Overloaded. ${repeated(request)}`
  return toEvent({ error: { message, type: 'overloaded_error', code: null } })
}

/** Closes the connection, after what was written before has been sent. */
async function breakConnection(how: 'cut' | 'reset', response: ServerResponse): Promise<void> {
  const { socket } = response
  await new Promise(setImmediate) // Node keeps the chunks of one tick together
  if (socket === null || socket.destroyed) return
  if (how === 'reset') {
    socket.resetAndDestroy()
  } else {
    const finished = once(socket, 'close')
    socket.end()
    socket.destroySoon()
    await finished
  }
}
