import { setTimeout } from 'node:timers/promises'

/** How long an answer takes, in milliseconds. */
export const answerMs = 200

/** Says what it was told, a little later. */
export default async function slowEcho(message: string): Promise<string> {
  await setTimeout(answerMs)
  return message
}
