import { factsOf } from './failure-facts.js'

/** The longest text of a function's error, in UTF-16 code units. */
const longest = 1_000

/**
 * What clients see of the error of a function: what its author says in it, cut. An error of a provider that the function
 * asked holds what that provider likes to say, so of that there is only its kind.
 */
export function functionErrorText(error: unknown): string {
  const { name, status } = factsOf(error)
  if (name === 'AI_APICallError') {
    return `What the function asked has failed${status === undefined ? '' : `, with status ${status}`}.`
  }
  const text = error instanceof Error ? error.message : typeof error === 'string' ? error : ''
  if (text === '') return 'The function failed.'
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`
}
