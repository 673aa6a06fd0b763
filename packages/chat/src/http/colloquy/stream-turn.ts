import type { ChatResponse, TurnEvent } from '@colloquy/client'
import { type ChatContext, ChatError, type Chunk } from '@colloquy/session'
import { cancelOnStop } from './cancel-on-stop.js'
import type { Remote } from './remote.js'
import { turnFailure } from './remote-failure.js'

/**
 * The chunks of a turn in a remote session. The turn's id is the request's key: asked again, also after this process
 * was restarted, it is the same turn there, from its first event, and so with the same end. A turn of the session that still
 * runs there is one that could not be cancelled, since a session has one turn at a time: this one takes its place.
 */
export async function* streamTurn(
  remote: Remote,
  sessionId: string,
  message: string,
  { turnId, trace, logger }: ChatContext,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  signal.throwIfAborted()
  const reading = new AbortController()
  const stream = remote.client.stream(
    { message, session_id: sessionId, on_busy: 'interrupt', on_disconnect: 'continue' },
    {
      idempotencyKey: turnId,
      signal: reading.signal,
      ...(trace === undefined ? {} : { headers: { ...trace } }),
    },
  )
  const watch = cancelOnStop(remote, { sessionId, turnId: stream.turnId, logger, reading, signal })
  let completed: ChatResponse | undefined
  try {
    for await (const event of stream) {
      signal.throwIfAborted()
      if (event.type === 'turn.completed') completed = event.data
      else yield* chunksOf(event, remote.who)
    }
  } finally {
    await watch.end()
  }
  if (completed === undefined) return
  const { usage, finish_reason } = completed
  if (usage !== null)
    yield { type: 'usage', inputTokens: usage.input_tokens, outputTokens: usage.output_tokens }
  yield { type: 'finish', reason: finish_reason }
}

function chunksOf(event: Exclude<TurnEvent, { type: 'turn.completed' }>, who: string): Chunk[] {
  switch (event.type) {
    case 'turn.queued':
    case 'turn.started':
      return []
    case 'text.delta':
      return [{ type: 'text', text: event.data.text }]
    case 'function.called': {
      const { call_id, name, arguments: args } = event.data
      return [{ type: 'functionCall', callId: call_id, name, arguments: args }]
    }
    case 'function.returned': {
      const { call_id: callId, name, result = null, error } = event.data
      const call = { type: 'functionResult', callId, name } as const
      return [error === undefined ? { ...call, result } : { ...call, error }]
    }
    case 'data':
      return [{ type: 'data', ...event.data }]
    case 'turn.failed':
      throw turnFailure(who, event.data)
    case 'turn.cancelled':
      throw new ChatError('upstream_failed', `${who} has cancelled the turn: somebody else stopped it there.`)
    case 'turn.interrupted':
      throw new ChatError('upstream_failed', `${who} has interrupted the turn: it stopped, or was restarted.`)
  }
}
