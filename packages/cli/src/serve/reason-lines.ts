/** How many errors deep reasons are told: a chain of them may be a ring. */
const deepest = 8

/** Where a reason stands. */
interface Place {
  /** How many errors led to it. */
  readonly level: number
  readonly indent: string
  /** What was said on the way to it. */
  readonly said: string
}

/**
 * The words of an error, and below them, further in, those of what led to it. Of an AggregateError, which stands for several, only
 * theirs are told; and nothing that was said already.
 */
export function reasonLines(
  error: unknown,
  { level, indent, said }: Place = { level: 0, indent: '', said: '' },
): string[] {
  if (level === deepest) return []
  const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : []
  if (errors.length > 0)
    return errors.flatMap((each) => reasonLines(each, { level: level + 1, indent, said }))
  const words = wordsOf(error)
  const isNew = !said.includes(words)
  const own = isNew ? [indent + words.replaceAll('\n', `\n${indent}`)] : []
  if (!(error instanceof Error) || error.cause === undefined) return own
  const further = { level: level + 1, indent: isNew ? `${indent}  ` : indent, said: `${said}\n${words}` }
  return [...own, ...reasonLines(error.cause, further)]
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
