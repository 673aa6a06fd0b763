import { failedWith, type LoggedError } from './failed-turn.js'
import { type Colour, painted } from './output/colours.js'
import { printable } from './output/printable.js'

/** What is read of a line of the log. */
export interface LogLine {
  readonly level?: number
  readonly time?: number
  readonly msg?: string
  readonly step?: string
  readonly module?: string
  readonly method?: string
  readonly route?: string
  readonly status?: number | null
  readonly code?: string
  readonly outcome?: string
  readonly reason?: string
  readonly session_id?: string
  readonly duration_ms?: number
  readonly signal?: string
  readonly err?: LoggedError
}

/** What people need to see of a request, a turn or a signal, without its last line end; undefined for a line about anything else. */
export function inShort(line: LogLine, colours: boolean): string | undefined {
  const { msg = '', method, outcome, signal, err } = line
  if (method !== undefined && err === undefined && msg.startsWith('request '))
    return requestIn(line, method, colours)
  if (outcome === 'failed') return failureIn(line, colours)
  if (outcome !== undefined && msg.startsWith('turn ')) return turnIn(line, msg)
  return signal === undefined ? undefined : printable(msg)
}

function requestIn(line: LogLine, method: string, colours: boolean): string {
  const { msg, route = '(no route)', status, code, outcome } = line
  const answer =
    status === undefined || status === null ? '' : ` ${painted(String(status), colourOf(status), colours)}`
  const problem = code === undefined ? '' : ` ${code}`
  const end =
    msg === 'request answered' || msg === 'request failed' ? '' : `, ${msg?.replace(/^request /, '')},`
  const session = outcome === undefined ? '' : sessionOf(line) // of another, its turn tells
  return `${printable(`${method} ${route}`)}${answer}${problem}${end}${timeOf(line)}${session}`
}

function colourOf(status: number): Colour {
  if (status < 400) return 'green'
  return status < 500 ? 'yellow' : 'red'
}

function failureIn(line: LogLine, colours: boolean): string {
  const { msg = '', code, err = {} } = line
  const why = code === undefined ? '' : ` (${code})`
  return `${painted(msg, 'red', colours)}${why}${timeOf(line)}${sessionOf(line)}\n${failedWith(err)}`.trimEnd()
}

function turnIn(line: LogLine, msg: string): string {
  const why = line.reason === undefined ? '' : ` (${line.reason})`
  return `${msg}${why}${timeOf(line)}${sessionOf(line)}`
}

function timeOf({ duration_ms: ms }: LogLine): string {
  return ms === undefined ? '' : ` in ${Math.round(ms)} ms`
}

function sessionOf({ session_id: id }: LogLine): string {
  return id === undefined ? '' : `, ${id}`
}
