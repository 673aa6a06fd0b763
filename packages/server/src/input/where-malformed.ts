import { type ParseError, type ParseOptions, visit } from 'jsonc-parser'

/**
 * Says where a text that `JSON.parse` refuses breaks off, and nothing of what it holds: V8's own message quotes it.
 *
 * @param text the whole body
 * @param message what `JSON.parse` said; it knows the place better when it names one, which it does not always do
 */
export function whereMalformed(text: string, message: string): string {
  const [, named] = /in JSON at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(message) ?? []
  if (message === 'Unexpected end of JSON input') return 'The body ends before its JSON is complete.'
  const place = named === undefined ? firstFault(text) : Number(named)
  if (place === undefined) return 'The body is not valid JSON.'
  if (place >= text.length) return 'The body ends before its JSON is complete.'
  const lines = text.slice(0, place).split('\n')
  const column = (lines.at(-1)?.length ?? 0) + 1
  return `The body is not valid JSON at character ${place} (line ${lines.length}, column ${column}).`
}

function firstFault(text: string): number | undefined {
  const faults: ParseError[] = []
  try {
    visit(text, { onError: (error, offset, length) => faults.push({ error, offset, length }) }, strict)
  } catch {
    // It calls itself for each level, and some hundred thousand of those, which JSON.parse does not mind, are too many.
  }
  return faults[0]?.offset
}

const strict: ParseOptions = {
  disallowComments: true,
  allowTrailingComma: false,
  allowEmptyContent: false,
}
