/** Cuts a text into words, each with the whitespace that follows it. Joined, they are the text again. */
export function* streamWords(text: string): Generator<string, void> {
  for (const [word] of text.matchAll(/^\s+|\S+\s*/g)) yield word
}
