import type { ReplyPart } from '../chat-definition.js'
import type { ReplyReader, ReplyStep } from './read-reply.js'

/** How chunks are passed on. */
export interface PassOnOptions {
  /** The first step, where it was read already. */
  readonly first?: ReplyStep
  /** What becomes of each chunk. Default: it stays as it is. */
  readonly map?: (chunk: ReplyPart) => ReplyPart
}

/** Passes on what is left of a reply, and ends it when its own reader leaves. */
export async function* passOn(
  reader: ReplyReader,
  { first, map = (chunk) => chunk }: PassOnOptions = {},
): AsyncGenerator<ReplyPart, void, undefined> {
  try {
    let step = first ?? (await reader.next())
    while (step.done !== true) {
      yield map(step.value)
      step = await reader.next()
    }
  } finally {
    await reader.end()
  }
}
