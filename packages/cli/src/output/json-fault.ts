const unexpected = 'Unexpected token'

/**
 * Why a text is no JSON, and where, without any of the text but the character that is wrong: it may hold secrets.
 * V8's own message quotes what stands around some faults, and does not say where those are.
 */
export function jsonFault(text: string): string {
  const message = faultOf(text) ?? ''
  const [, what = '', position] = /^(.+?) in JSON at position (\d+)/.exec(message) ?? []
  if (position !== undefined) return `${what} ${placeIn(text, Number(position))}`
  if (message.startsWith(unexpected)) {
    const offset = firstUnexpected(text)
    const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
    return `${unexpected} '${character}' ${placeIn(text, offset)}`
  }
  return `Unexpected end ${placeIn(text, text.length)}`
}

/** The offset of the first character that can't stand where it does: only what ends before it has no such fault. */
function firstUnexpected(text: string): number {
  let before = 0
  let after = text.length
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (faultOf(text.slice(0, middle))?.startsWith(unexpected) === true) after = middle
    else before = middle
  }
  return before
}

function faultOf(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return (error as SyntaxError).message
  }
}

function placeIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `in line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
