import type { ReplyPart } from './chat-definition.js'
import { shapeOf } from './shape-of.js'

/**
 * A reply that begins when its reader does, and only once: reading it again goes on where the first reader stopped.
 *
 * @param ask calls what answers
 * @param name of the chat, for errors
 */
export function openReply(ask: () => unknown, name: string): AsyncIterable<ReplyPart> {
  let iterator: AsyncIterator<ReplyPart> | undefined
  return { [Symbol.asyncIterator]: () => (iterator ??= iterate(ask(), name)) }
}

function iterate(answer: unknown, name: string): AsyncIterator<ReplyPart> {
  // The iterator itself, so that a chunk passes through nothing of ours, and `return()` reaches its `finally`.
  if (isAsyncIterable(answer)) return answer[Symbol.asyncIterator]()
  if (isPromiseLike(answer)) return iteratePromise(answer, name)
  return iterateParts(partsOf(answer, `The chat "${name}" returned`))
}

function iteratePromise(promise: PromiseLike<unknown>, name: string): AsyncIterator<ReplyPart> {
  const answer = Promise.resolve(promise)
  answer.catch(() => {}) // a reader that leaves before its first chunk never sees the rejection; nobody else should
  return iterateSettled(answer, name)
}

// Not a function within the other: V8 gives each generator function a shape of its own for what it makes, and the garbage
// collector keeps those, with all that hangs on them, until the next full collection.
async function* iterateSettled(
  answer: Promise<unknown>,
  name: string,
): AsyncGenerator<ReplyPart, void, undefined> {
  const settled = await answer
  if (isAsyncIterable(settled)) yield* settled
  else yield* partsOf(settled, `The chat "${name}" returned a promise of`)
}

async function* iterateParts(parts: Iterable<ReplyPart>): AsyncGenerator<ReplyPart, void, undefined> {
  yield* parts
}

/** @throws TypeError for what is no answer. What is inside of an iterable is for its reader to check. */
function partsOf(answer: unknown, subject: string): Iterable<ReplyPart> {
  if (typeof answer === 'string') return [answer]
  if (typeof answer === 'object' && answer !== null && !ArrayBuffer.isView(answer)) {
    if (Symbol.iterator in answer) return answer as Iterable<ReplyPart>
    // Its own `type`: a fetch Response has one too, by inheritance.
    if (Object.hasOwn(answer, 'type') && 'type' in answer && typeof answer.type === 'string')
      return [answer as ReplyPart]
  }
  throw new TypeError(
    `${subject} ${shapeOf(answer)}. Expected: a string, a chunk like { type: 'text', text: '…' }, ` +
      'an iterable or async iterable of strings and chunks, or a promise of one of these.',
  )
}

function isAsyncIterable(value: unknown): value is AsyncIterable<ReplyPart> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
