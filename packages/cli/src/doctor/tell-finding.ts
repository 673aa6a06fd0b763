import { type Colour, painted } from '../output/colours.js'
import { printable } from '../output/printable.js'
import { wrapWords } from '../output/wrap-words.js'
import type { CheckFinding, FindingStatus } from './finding.js'

/** How findings are shown. */
export interface FindingStyle {
  /** The width of the terminal, in characters. Default: there is none, and no line is broken. */
  readonly columns?: number
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

/** Below this, what was found stands below its name, in characters. */
const narrow = 60

/** A finding as lines: how it is, of what, what was found, and below that what to do. */
export function tellFinding(finding: CheckFinding, style: FindingStyle): string {
  const { columns = Number.POSITIVE_INFINITY } = style
  const { status, check } = finding
  if (columns < narrow) {
    const head = `${painted(status, colourOf[status], style.colours)}  ${check}\n`
    return (
      head +
      linesOf(finding, columns - 2)
        .map((line) => `  ${line}\n`)
        .join('')
    )
  }
  const nameWidth = Math.max(...style.names.map((name) => name.length))
  const indent = statusWidth + nameWidth + 4
  const head = `${painted(status.padEnd(statusWidth), colourOf[status], style.colours)}  ${check.padEnd(nameWidth)}  `
  return linesOf(finding, columns - indent)
    .map((line, n) => `${n === 0 ? head : ' '.repeat(indent)}${line}\n`)
    .join('')
}

function linesOf({ found, mend }: CheckFinding, width: number): readonly string[] {
  return [found, ...(mend === undefined ? [] : [mend])]
    .flatMap((text) => printable(text).split('\n'))
    .flatMap((line) => wrapWords(line.trimEnd(), width))
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
