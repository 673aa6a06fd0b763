/** What an output has in it that is another one with each run, and what may stand in its place. */
const tokens: Readonly<
  Record<string, { readonly is: string; readonly any: string; readonly isName?: true }>
> = {
  gap: { is: String.raw`\s*…\s*`, any: String.raw`[\s\S]*?` },
  // JSON of one line that the page breaks for its breadth
  wrap: { is: String.raw`(?<=[,[])\n (?=["{])`, any: String.raw`\s*` },
  id: {
    is: String.raw`\b(?:sess|turn|msg)_[0-9a-f]{32}\b`,
    any: String.raw`\w{4,5}[0-9a-f]{32}`,
    isName: true,
  },
  key: { is: String.raw`\bclq_[\w-]{43}`, any: String.raw`clq_[\w-]{43}`, isName: true },
  hash: { is: String.raw`\b[0-9a-f]{64}\b`, any: '[0-9a-f]{64}', isName: true },
  shortHash: {
    is: String.raw`(?<=^[\w-]+ +)[0-9a-f]{8}$`,
    any: '[0-9a-f]{8}',
    isName: true,
  },
  uuid: { is: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}', any: '[0-9a-f-]{36}' },
  time: {
    is: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z`,
    any: String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`,
  },
  duration: { is: String.raw`(?<=_ms": ?)[\d.]+`, any: String.raw`[\d.]+` },
}
const anyToken = new RegExp(
  Object.entries(tokens)
    .map(([name, { is }]) => `(?<${name}>${is})`)
    .join('|'),
  'gm',
)

/**
 * Compares what a page shows of an output with what came. `…` stands for anything, also for several lines; a line of JSON may be
 * broken behind a comma; ids, keys,
 * times and durations for others of their kind.
 *
 * @param known what the ids and keys of the page are in this run; those that it shows here for the first time are added
 */
export function matchesOutput(shown: string, actual: string, known: Map<string, string>): boolean {
  const text = tidy(shown)
  const learned: string[] = []
  let pattern = ''
  let end = 0
  for (const match of text.matchAll(anyToken)) {
    const [token] = match
    pattern += escaped(text.slice(end, match.index)) + patternOf(token, kindOf(match), known, learned)
    end = match.index + token.length
  }
  const [isMatch, ...values] = new RegExp(`^${pattern}${escaped(text.slice(end))}$`).exec(tidy(actual)) ?? []
  if (isMatch === undefined) return false
  for (const [index, name] of learned.entries()) known.set(name, values[index] ?? '')
  return true
}

/** Puts the ids and keys of this run in the place of those that the page shows. */
export function withKnown(text: string, known: ReadonlyMap<string, string>): string {
  let result = text
  for (const [shown, actual] of known) result = result.replaceAll(shown, actual)
  return result
}

function kindOf({ groups = {} }: RegExpExecArray) {
  const [name = ''] = Object.entries(groups).find(([, value]) => value !== undefined) ?? []
  return tokens[name] ?? { any: '' }
}

function patternOf(
  token: string,
  { any, isName }: { readonly any: string; readonly isName?: true },
  known: ReadonlyMap<string, string>,
  learned: string[],
): string {
  if (isName === undefined) return any
  const value = known.get(token)
  if (value !== undefined) return escaped(value)
  const place = learned.indexOf(token)
  if (place !== -1) return `\\${place + 1}`
  learned.push(token)
  return `(${any})`
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/** Without blanks at the ends of lines, and of the whole. */
function tidy(text: string): string {
  return text.replaceAll(/[ \t]+$/gm, '').trim()
}
