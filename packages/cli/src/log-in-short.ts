import { painted } from './output/colours.js'
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
  readonly err?: { readonly message?: string }
}

/** What people need to see of a request, a turn or a signal; undefined for a line about anything else. */
export function inShort(line: LogLine, colours: boolean): string | undefined {
  const { msg = '', method, outcome, signal } = line
  if (method !== undefined && msg.startsWith('request ')) return requestIn(line, method, colours)
  if (outcome !== undefined && msg.startsWith('turn ')) return turnIn(line, msg)
  return signal === undefined ? undefined : printable(msg)
}

function requestIn(line: LogLine, method: string, colours: boolean): string {
  const { msg, route = '(no route)', status, code, outcome } = line
  const answer =
    status == null ? '' : ` ${painted(String(status), status < 400 ? 'green' : 'yellow', colours)}`
  const problem = code === undefined ? '' : ` ${code}`
  const end = msg === 'request answered' ? '' : `, ${msg?.replace(/^request /, '')},`
  const session = outcome === undefined ? '' : sessionOf(line) // of another, its turn tells
  return `${printable(`${method} ${route}`)}${answer}${problem}${end}${timeOf(line)}${session}`
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
