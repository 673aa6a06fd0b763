import assert from 'node:assert/strict'
import { readText } from './read-answer.js'
import type { TriedChat } from './tried-chat.js'

/** After so many answers that are alike, a message is believed to be always answered so. */
const enough = 10

/** An answer, and the one that the same message got before, in a session of its own. */
interface Answers {
  readonly message: string
  readonly text: string
  readonly usual: string
}

/**
 * An answer is the usual one. Where it is not, the message is asked again and again, in new sessions: only if it is always answered
 * in the usual way is this one wrong, and not one of many that there can be.
 *
 * @param fault what is wrong then
 */
export async function checkUsual(
  ask: TriedChat['ask'],
  { message, text, usual }: Answers,
  fault: string,
): Promise<void> {
  if (text === usual) return
  for (let n = 0; n < enough; n += 1) if ((await readText(ask(message))) !== usual) return
  assert.fail(fault)
}
