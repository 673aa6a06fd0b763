import type { Call } from './call.js'
import { idempotencyKeyOf, keyHeader } from './idempotency-key.js'
import type { ChatInput, ChatOptions } from './options.js'

/** The call that says something. Its key is part of it, so that every repetition has the same. */
export function chatCall(input: ChatInput, stream: boolean, options: ChatOptions = {}): Call {
  const request: Exclude<ChatInput, string> = typeof input === 'string' ? { message: input } : input
  const { onBusy = request.on_busy, onDisconnect = request.on_disconnect } = options
  return {
    method: 'POST',
    path: '/api/v1/chat',
    headers: { [keyHeader]: idempotencyKeyOf(options) },
    body: { ...request, on_busy: onBusy, on_disconnect: onDisconnect, stream },
  }
}

/** Whether a call may be made twice without being answered twice. */
export function isRepeatable({ headers }: Call): boolean {
  return typeof headers?.[keyHeader] === 'string'
}
