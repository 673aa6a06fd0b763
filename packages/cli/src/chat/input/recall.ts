/** What was said before, to be brought back with Up. */
export interface Recall {
  /** Oldest first. */
  readonly said: readonly string[]
  /** Which of them is shown; as many as there are when it is the text that is being written. */
  readonly at: number
  /** What was being written when the first was brought back. */
  readonly draft: string
}

/** So many are kept. */
const most = 1_000

/** Of these texts, oldest first, each once in a row, and none that is blank. */
export function recallOf(texts: readonly string[]): Recall {
  const kept = texts.filter((text, n) => text.trim() !== '' && text !== texts[n - 1])
  const said = kept.slice(-most)
  return { said, at: said.length, draft: '' }
}

/** Adds what was said last. */
export function withSaid({ said }: Recall, text: string): Recall {
  return recallOf([...said, text])
}

/** One step back (-1) or forth (1), and the text that is shown then; undefined at the end of what there is. */
export function step(
  { said, at, draft }: Recall,
  by: -1 | 1,
  shown: string,
): { readonly recall: Recall; readonly text: string } | undefined {
  const to = at + by
  if (to < 0 || to > said.length) return undefined
  const kept = at === said.length ? shown : draft
  return { recall: { said, at: to, draft: kept }, text: said[to] ?? kept }
}
