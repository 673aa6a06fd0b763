import type { Logger } from './logger.js'

/** A line of the log, with its level and its message. */
export type RecordedLine = Readonly<Record<string, unknown>>

/** A logger that keeps its lines. */
export function recordLog(): { readonly logger: Logger; readonly lines: RecordedLine[] } {
  const lines: RecordedLine[] = []
  const loggerWith = (bound: object): Logger => {
    const at = (level: string) => (fields: object, msg: string) =>
      void lines.push({ level, ...bound, ...fields, msg })
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => loggerWith({ ...bound, ...fields }),
    }
  }
  return { logger: loggerWith({}), lines }
}
