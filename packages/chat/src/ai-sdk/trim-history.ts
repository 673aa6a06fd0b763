import type { Chunk, HistoryMessage } from '@colloquy/session'

/** How much of the history a model is given. */
export interface HistoryLimits {
  readonly historyMessages: number
  readonly historyTokens: number
  readonly countTokens: (text: string) => number
}

/** The part of the history that a model is given. */
export interface TrimmedHistory {
  readonly kept: readonly HistoryMessage[]
  readonly dropped: number
  /** About how many tokens the kept messages take. */
  readonly tokens: number
}

/** What each message takes beside its text: its role, and what stands between messages. */
const tokensAround = 4

/**
 * Keeps the newest messages that fit, beginning with one of the user, as providers want it. A message is kept whole, with
 * its calls and their results, or dropped with all before it; one that is over the budget alone is dropped as well.
 *
 * @throws RangeError when `countTokens` returns what is no count
 */
export function trimHistory(history: readonly HistoryMessage[], limits: HistoryLimits): TrimmedHistory {
  const { historyMessages, historyTokens, countTokens } = limits
  let tokens = 0
  let kept = { from: history.length, tokens: 0 }
  const oldest = Math.max(0, history.length - historyMessages)
  for (let at = history.length - 1; at >= oldest; at -= 1) {
    const message = history[at]
    if (message === undefined) break
    tokens += counted(countTokens(textOf(message))) + tokensAround
    if (tokens > historyTokens) break
    if (message.role === 'user') kept = { from: at, tokens }
  }
  return { kept: history.slice(kept.from), dropped: kept.from, tokens: kept.tokens }
}

/** What counts wrongly would silently trim nothing, or all. @throws RangeError for what is no count */
function counted(tokens: number): number {
  if (Number.isFinite(tokens) && tokens >= 0) return tokens
  const given = typeof tokens === 'number' ? tokens : `a ${typeof tokens}`
  throw new RangeError(`The countTokens of fromModel() returned ${given}. Expected: a number, at least 0.`)
}

/** Tells clients that the model was not given all of the history. */
export function trimmedChunk({ kept, dropped, tokens }: TrimmedHistory): Chunk {
  const data = { dropped_messages: dropped, kept_messages: kept.length, kept_tokens: tokens }
  return { type: 'data', name: 'history.trimmed', data }
}

/** All that a model reads of a message. */
function textOf({ content, functionsCalled = [] }: HistoryMessage): string {
  if (functionsCalled.length === 0) return content
  const calls = functionsCalled.map(({ name, arguments: given, result, error }) =>
    JSON.stringify([name, given, error ?? result ?? null]),
  )
  return content + calls.join('')
}
