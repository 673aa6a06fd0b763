import { basename } from 'node:path'
import { type Clock, type Logger, silentLogger, systemClock } from '@colloquy/session'
import { checkMs, checkOptions, checkProgram, checkText } from '../child/check-program.js'
import type { ChildOptions } from '../child/start-child.js'
import type { ProcessOptions } from './process-options.js'

/** The options of a program, with what holds where they say nothing. */
export interface ProcessSetup {
  readonly child: Omit<ChildOptions, 'onStderr'>
  /** What it is called before it has said its own name: in errors and in the log. */
  readonly label: string
  readonly processes: number
  readonly startTimeoutMs: number
  readonly stopGraceMs: number
  readonly cancelGraceMs: number
  readonly minRestartMs: number
  readonly maxRestartMs: number
  readonly maxLineLength: number
  readonly logger: Logger
  readonly clock: Clock
}

/** @throws TypeError | RangeError for options that are not usable */
export function setUp(options: ProcessOptions): ProcessSetup {
  checkOptions('fromProcess()', options)
  checkProgram('fromProcess()', options.command, options)
  checkText('fromProcess(): defaultName', options.defaultName)
  const {
    command,
    args = [],
    cwd,
    env,
    defaultName = basename(command),
    name = defaultName,
    processes = 1,
    startTimeoutMs = 10_000,
    stopGraceMs = 2_500,
    cancelGraceMs = 4_000,
    killGraceMs = 2_000,
    minRestartMs = 100,
    maxRestartMs = 30_000,
    maxLineLength = 1_048_576,
    logger = silentLogger,
    clock = systemClock,
  } = options
  const numbers = { startTimeoutMs, stopGraceMs, cancelGraceMs, killGraceMs, minRestartMs, maxRestartMs }
  for (const [of, ms] of Object.entries(numbers)) checkMs(`fromProcess(): ${of}`, ms)
  for (const [of, count] of Object.entries({ processes, maxLineLength })) {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`fromProcess(): ${of} has to be a whole number, from 1.`)
  }
  const place = { ...(cwd === undefined ? {} : { cwd }), ...(env === undefined ? {} : { env }) }
  return {
    child: { command, args, ...place, killGraceMs, clock },
    label: name,
    processes,
    startTimeoutMs,
    stopGraceMs,
    cancelGraceMs,
    minRestartMs,
    maxRestartMs,
    maxLineLength,
    logger,
    clock,
  }
}
