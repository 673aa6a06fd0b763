import type { Bindings, ChildLoggerOptions, Level, Logger } from 'pino'

/**
 * A logger that carries what its lines have in common, and hands it to the logger behind it with each line. A child of
 * pino writes its bindings down when it is made, which costs as much as a line: too much for a request that may never
 * log more than one. What the lines say is the same.
 */
export class CarryingLogger {
  readonly #logger: Logger
  readonly #bindings: Bindings
  /** What it is the child of: put together when a line is written, because many have none. */
  readonly #parent: CarryingLogger | undefined

  constructor(logger: Logger, bindings: Bindings = {}, parent?: CarryingLogger) {
    this.#logger = logger
    this.#bindings = bindings
    this.#parent = parent
  }

  get levels(): Logger['levels'] {
    return this.#logger.levels
  }

  child(bindings: Bindings, options?: ChildLoggerOptions): Logger | CarryingLogger {
    if (options !== undefined && options.serializers !== undefined)
      return this.#logger.child({ ...this.#all(), ...bindings }, options)
    return new CarryingLogger(this.#logger, { ...bindings }, this)
  }

  #all(): Bindings {
    return this.#parent === undefined ? this.#bindings : { ...this.#parent.#all(), ...this.#bindings }
  }

  trace(fields: unknown, ...message: unknown[]): void {
    this.#write('trace', fields, message)
  }

  debug(fields: unknown, ...message: unknown[]): void {
    this.#write('debug', fields, message)
  }

  info(fields: unknown, ...message: unknown[]): void {
    this.#write('info', fields, message)
  }

  warn(fields: unknown, ...message: unknown[]): void {
    this.#write('warn', fields, message)
  }

  error(fields: unknown, ...message: unknown[]): void {
    this.#write('error', fields, message)
  }

  fatal(fields: unknown, ...message: unknown[]): void {
    this.#write('fatal', fields, message)
  }

  #write(level: Level, fields: unknown, [message, ...values]: unknown[]): void {
    const logger = this.#logger
    if (!logger.isLevelEnabled(level)) return
    if (typeof fields === 'object' && fields !== null && !(fields instanceof Error)) {
      logger[level]({ ...this.#all(), ...fields }, message as string, ...values)
    } else {
      logger.child(this.#all())[level](fields as object, message as string, ...values)
    }
  }
}
