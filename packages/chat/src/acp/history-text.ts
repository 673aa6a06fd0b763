import type { HistoryMessage } from '@colloquy/session'

/** How much of a conversation is told again, in UTF-16 code units: the end of it. */
const longestHistory = 65_536

/** What was said before, for an agent that does not know: a line of JSON for each message, so that no message can pass for another. */
export function historyText(history: readonly HistoryMessage[]): string {
  const lines: string[] = []
  let length = 0
  for (const { role, content } of history.toReversed()) {
    const line = JSON.stringify({ role, content })
    length += line.length
    if (length > longestHistory) break
    lines.unshift(line)
  }
  return [
    'This conversation began before this session. What was said, one JSON object a line, oldest first:',
    ...lines,
    'The user goes on:',
  ].join('\n')
}
