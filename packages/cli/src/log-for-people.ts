import { inShort, type LogLine } from './log-in-short.js'
import { painted } from './output/colours.js'
import { printable } from './output/printable.js'

/** Makes a line of the log readable; empty for one that people need not see. */
export type FormatLine = (line: string) => string

/** pino's number for what is worth knowing. */
const infoLevel = 30

/** How much of the log people are shown, and how. */
export interface PeopleStyle {
  readonly colours: boolean
  /** Whether all is shown of a request and a turn, as of other lines. */
  readonly hasDetails: boolean
}

/**
 * Formats the lines of the log for a terminal: those about the steps of a start are left out, because the screen after it says
 * what came of them; a reload, a request and a turn are told in one line, and what a turn failed with below it. All others
 * are as `format` makes them.
 */
export function forPeople(format: FormatLine, { colours, hasDetails }: PeopleStyle): FormatLine {
  return (line) => {
    const read = readLine(line)
    if (read.level === infoLevel && read.step !== undefined) return ''
    const told = reloadIn(read, colours) ?? (hasDetails ? undefined : inShort(read, colours))
    return told === undefined ? format(line) : `[${timeOf(read.time ?? 0)}] ${told}\n`
  }
}

function readLine(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine
  } catch {
    return {}
  }
}

/** What `watchChat` says of a reload. */
function reloadIn({ msg, module = '', duration_ms, err }: LogLine, colours: boolean): string | undefined {
  if (msg === 'chat interface reloaded')
    return `${painted('reloaded', 'green', colours)} ${printable(module)} in ${duration_ms} ms`
  if (msg !== 'the chat interface could not be reloaded; the one before goes on') return undefined
  const why = printable(err?.message ?? module).replaceAll(/\s*\n\s*/g, ' ')
  return `${painted('not reloaded', 'red', colours)}, the one before goes on: ${why}`
}

/** As the other lines have it. */
function timeOf(time: number): string {
  const date = new Date(time)
  return `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
