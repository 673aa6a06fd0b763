/** A command of a page, and what the page shows of its output. */
export interface Command {
  readonly text: string
  /** Undefined where the page shows nothing. */
  readonly shown?: string
}

/** The commands of a `sh` block, one after the other, without lines that are only comments. */
export function splitScript(content: string): Command[] {
  return joinLines(content.split('\n'))
    .filter((text) => text.trim() !== '' && !text.trimStart().startsWith('#'))
    .map((text) => ({ text }))
}

/** The commands of a `console` block, each behind a `$`, with what follows it until the next. */
export function splitSession(content: string): Command[] {
  return content.split(/^\$ /m).flatMap((part) => {
    if (part.trim() === '') return []
    const [text = '', ...shown] = joinLines(part.split('\n'))
    const output = shown.join('\n').trim()
    return [{ text, ...(output === '' ? {} : { shown: output }) }]
  })
}

/** Joins each line with those that go on with it: behind a backslash, in quotes, or in a here-document. */
function joinLines(lines: readonly string[]): string[] {
  const joined: string[] = []
  for (const line of lines) {
    const last = joined.at(-1)
    if (last !== undefined && isOpen(last)) joined[joined.length - 1] = `${last}\n${line}`
    else joined.push(line)
  }
  return joined
}

function isOpen(text: string): boolean {
  if (text.endsWith('\\')) return true
  const [, end] = /<<'?(\w+)'?/.exec(text) ?? []
  if (end !== undefined) return !text.includes(`\n${end}`)
  return text.replaceAll(/\\'|"[^"\n]*"/g, '').split("'").length % 2 === 0
}
