import { logError } from '@colloquy/server'
import { type Logger, pino } from 'pino'
import type { Config } from './config/settings.js'
import { gatherLines } from './gather-lines.js'
import { forPeople } from './log-for-people.js'
import type { Output } from './main-options.js'

/** How to log. */
export interface LogStyle extends Pick<Config, 'logLevel' | 'pretty'> {
  /** Whether pretty lines have colours. */
  readonly colours: boolean
}

/**
 * A logger that writes to `output`: JSON lines, or lines for people. What was logged last may have to be flushed before the
 * process ends.
 */
export async function createLogger(style: LogStyle, output: Output): Promise<Logger> {
  const options = { level: style.logLevel, serializers: { err: logError } }
  if (!style.pretty) return pino(options, gatherLines(output))
  // By its default export alone: it is no module yet, and what is built into the command has no other names of such.
  const { default: pretty } = await import('pino-pretty')
  const format = pretty.prettyFactory({
    colorize: style.colours,
    ignore: 'pid,hostname',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  })
  const toRead = forPeople(format, {
    ...style,
    hasDetails: style.logLevel === 'debug' || style.logLevel === 'trace',
  })
  return pino(options, { write: (line: string) => output.write(toRead(line)) })
}
