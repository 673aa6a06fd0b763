import { setTimeout } from 'node:timers/promises'
import { tokens } from './tokens.ts'

/** How long it takes to each token, in milliseconds. */
export const pauseMs = 10

/** Says all tokens, one after a pause each. */
export default async function* sayTokens(): AsyncGenerator<string, void, undefined> {
  for (const token of tokens) {
    await setTimeout(pauseMs)
    yield token
  }
}
