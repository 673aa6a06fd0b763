import { type Colour, painted } from '../output/colours.js'
import { printable } from '../output/printable.js'
import { wrapWords } from '../output/wrap-words.js'
import type { CheckFinding, FindingStatus } from './finding.js'

/** How findings are shown. */
export interface FindingStyle {
  /** The width of the terminal, in characters; undefined where there is none, and no line is broken. */
  readonly columns: number | undefined
  readonly colours: boolean
  /** The names of all checks, for a column that has room for them. */
  readonly names: readonly string[]
}

const colourOf: Readonly<Record<FindingStatus, Colour>> = {
  ok: 'green',
  warning: 'yellow',
  fault: 'red',
  unchecked: 'dim',
}

/** What the status is called, in as many characters each as the longest one has. */
const statusWidth = 'unchecked'.length

/** A finding as lines: how it is, of what, what was found, and below that what to do. */
export function tellFinding(finding: CheckFinding, { columns, colours, names }: FindingStyle): string {
  const { status, check, found, mend } = finding
  const nameWidth = Math.max(...names.map((name) => name.length))
  const indent = statusWidth + nameWidth + 4
  const width = columns === undefined ? Number.POSITIVE_INFINITY : Math.max(columns - indent, 20)
  const lines = [found, ...(mend === undefined ? [] : [mend])].flatMap((text) =>
    printable(text)
      .split('\n')
      .flatMap((line) => wrapWords(line.trimEnd(), width)),
  )
  const head = `${painted(status.padEnd(statusWidth), colourOf[status], colours)}  ${check.padEnd(nameWidth)}  `
  return lines.map((line, n) => `${n === 0 ? head : ' '.repeat(indent)}${line}\n`).join('')
}

/** How many of which kind there are, in a sentence. */
export function summaryOf(findings: readonly CheckFinding[]): string {
  const count = (status: FindingStatus) => findings.filter((finding) => finding.status === status).length
  const parts = (['fault', 'warning'] as const).flatMap((status) => {
    const number = count(status)
    return number === 0 ? [] : [`${number} ${status}${number === 1 ? '' : 's'}`]
  })
  const fine = count('unchecked') === 0 ? 'All is in order.' : 'All that was checked is in order.'
  return parts.length === 0 ? fine : `${parts.join(', ')}.`
}
