import type { Logger } from './logger.js'

/**
 * Logs an error that somebody else made. It may be anything, also an object that throws when it is written down: then the
 * line says that instead.
 */
export function logForeign(logger: Logger, level: 'warn' | 'error', fields: object, message: string): void {
  try {
    logger[level](fields, message)
  } catch {
    logger[level]({ ...fields, err: new Error('The error can not be written down.') }, message)
  }
}
