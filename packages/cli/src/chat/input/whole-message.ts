/** What opens and closes a message of several lines. */
const fence = '"""'

/** Whether a line goes on in the next one: it ends in a backslash. Two of them are a backslash. */
export function goesOn(line: string): boolean {
  return (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1
}

/** Whether a text has opened a block that is yet to be closed. */
export function isOpenBlock(text: string): boolean {
  const trimmed = text.trim()
  if (!trimmed.startsWith(fence)) return false
  return trimmed.length < 2 * fence.length || !trimmed.endsWith(fence)
}

/** The message in a text: of a block, what is between its ends. */
export function messageIn(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith(fence) || isOpenBlock(text)) return text
  return trimmed.slice(fence.length, -fence.length).replace(/^\n/, '').replace(/\n$/, '')
}
