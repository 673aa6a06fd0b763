import { logError } from '@colloquy/server'
import { type Logger, pino } from 'pino'
import type { Config } from './config/settings.js'
import type { Output } from './main-options.js'

/** How to log. */
export interface LogStyle extends Pick<Config, 'logLevel' | 'pretty'> {
  /** Whether pretty lines have colours. */
  readonly colours: boolean
}

/** A logger that writes to `output`: JSON lines, or lines for people. It writes at once, so no line is lost at the end. */
export async function createLogger(style: LogStyle, output: Output): Promise<Logger> {
  const options = { level: style.logLevel, serializers: { err: logError } }
  if (!style.pretty) return pino(options, output)
  const { prettyFactory } = await import('pino-pretty')
  const format = prettyFactory({
    colorize: style.colours,
    ignore: 'pid,hostname',
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
  })
  return pino(options, { write: (line: string) => output.write(format(line)) })
}
