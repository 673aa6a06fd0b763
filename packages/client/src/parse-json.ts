/**
 * The value of a JSON text, or undefined when it is none. The parser's own error is dropped on purpose: it quotes the
 * text, and an answer may repeat what the request said.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
