import { ChatError, isChatError } from '@colloquy/session'
import { type FailureFacts, factsOf } from './failure-facts.js'
import { failureKinds } from './failure-kinds.js'
import { framesOf } from './frames-of.js'
import { retryAfterSeconds } from './retry-after-seconds.js'

/**
 * What to throw for what a model failed with. Errors of providers hold the request, the answer and the URL, and their texts
 * repeat what they like; so nothing of them is passed on but short facts: class, status, codes, request id, host.
 *
 * @param model the model's id, for the message
 * @param now the time, in milliseconds since 1970
 */
export function toChatError(thrown: unknown, model: string, now: number): Error {
  if (isChatError(thrown)) return thrown
  const facts = factsOf(thrown)
  const kind = failureKinds.find((kind) => kind.matches(facts)) ?? streamErrorKind(thrown, facts)
  const cause = causeOf(facts, kind === undefined ? framesOf(thrown) : [])
  if (kind === undefined) return new Error(`The model ${model} failed. ${hint}`, { cause })
  const seconds = kind.code === 'rate_limited' ? retryAfterSeconds(facts, now) : undefined
  return new ChatError(kind.code, `The model ${model} ${kind.says}`, {
    cause,
    ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
  })
}

const hint = 'What it failed with is left out, because it may hold messages and keys; the cause says where.'

/** An error that a provider sends in the stream: an error of the SDK, or the bare object where it has no message. */
function streamErrorKind(thrown: unknown, { name }: FailureFacts) {
  if (thrown instanceof Error && name !== 'AI_StreamProviderError') return undefined
  return {
    code: 'upstream_failed',
    says: 'failed in mid-answer at its provider. Look at the status page of the provider, or ask again.',
  } as const
}

/** An error with the facts, and nothing else. */
function causeOf({ name, status, codes, requestId, host }: FailureFacts, frames: readonly string[]): Error {
  const facts = [
    ...(host === undefined ? [] : [`host ${host}`]),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(codes.length === 0 ? [] : [`code ${codes.join(', ')}`]),
    ...(requestId === undefined ? [] : [`request ${requestId}`]),
  ]
  const cause = new Error(facts.join('; '))
  cause.name = name
  cause.stack = [facts.length === 0 ? name : `${name}: ${cause.message}`, ...frames].join('\n')
  return cause
}
