import { ReadableStream, TransformStream, WritableStream } from 'node:stream/web'
import type { AnyMessage, SessionUpdate, Stream } from '@agentclientprotocol/sdk'
import type { Child } from '../child/start-child.js'
import { fieldsOf } from './fields-of.js'
import type { Sdk } from './import-sdk.js'

/** The longest message that an agent may send, in bytes: an image may be in it. After a longer one its stream can't be read any more. */
export const maxMessageBytes = 16_777_216

/**
 * The messages of an agent, over its stdin and stdout. Lines that are none are answered with an error, as the protocol's library
 * does it, and change nothing. What the agent tells of sessions that nobody listens to, such as their past when they are loaded,
 * what is unknown, and answers to what was not asked are left out here: the library would check all of it twice, or write to the
 * console, past the log. That it still does, without what the agent said, for a known update of a turn whose fields are wrong.
 */
export function agentStream(
  { stdin, stdout }: Pick<Child, 'stdin' | 'stdout'>,
  isHeard: (sessionId: string) => boolean,
  { ndJsonStream }: Sdk,
): Stream {
  const output = new WritableStream<Uint8Array>({
    // What is written to a program that has ended goes nowhere; that it has ended is told by its end.
    write: (bytes) => new Promise((resolve) => void stdin.write(bytes, () => resolve())),
  })
  const { readable, writable } = ndJsonStream(output, ReadableStream.from<Uint8Array>(stdout), {
    maxMessageBytes,
  })
  const asked = new Set<unknown>()
  const heard = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      if (
        isUpdate(message) ? isWanted(message.params, isHeard) : !isAnswer(message) || asked.delete(message.id)
      )
        controller.enqueue(message)
    },
  })
  const told = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      if ('id' in message && 'method' in message) asked.add(message.id)
      controller.enqueue(message)
    },
  })
  told.readable.pipeTo(writable).catch(() => {}) // it is told by the connection's end
  return { readable: readable.pipeThrough(heard), writable: told.writable }
}

/** What is made of each update. Those for an editor's own surface mean nothing to others. */
const wanted: Readonly<Record<SessionUpdate['sessionUpdate'], boolean>> = {
  agent_message_chunk: true,
  agent_thought_chunk: true,
  tool_call: true,
  tool_call_update: true,
  plan: true,
  usage_update: true,
  user_message_chunk: false,
  available_commands_update: false,
  current_mode_update: false,
  config_option_update: false,
  session_info_update: false,
  notice: false,
  compaction_update: false,
  compaction_summary_chunk: false,
}

function isAnswer(message: AnyMessage): message is AnyMessage & { readonly id: unknown } {
  return 'id' in message && !('method' in message)
}

function isUpdate(message: AnyMessage): message is AnyMessage & { readonly params?: unknown } {
  return 'method' in message && message.method === 'session/update'
}

function isWanted(params: unknown, isHeard: (sessionId: string) => boolean): boolean {
  const { sessionId, update } = fieldsOf(params)
  const kind = fieldsOf(update)['sessionUpdate']
  if (typeof sessionId !== 'string' || typeof kind !== 'string') return false
  return Object.hasOwn(wanted, kind) && wanted[kind as SessionUpdate['sessionUpdate']] && isHeard(sessionId)
}
