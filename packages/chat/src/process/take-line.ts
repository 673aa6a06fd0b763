import type { Logger } from '@colloquy/session'
import type { HealthQuestion } from './health-question.js'
import { foreignLine, isKnownType, parseLine } from './parse-line.js'
import type { ProgramLine, ReadyLine } from './program-line.js'
import type { ProgramTurn } from './program-turn.js'
import { errorOfFault, violation } from './turn-errors.js'

/** Whom the lines of a program concern. */
export interface LineListener {
  /** What it is called in errors. */
  readonly label: string
  readonly longest: number
  readonly logger: Logger
  readonly turns: ReadonlyMap<string, ProgramTurn>
  readonly health: HealthQuestion
  /** Returns whether it is the first time. */
  onReady(ready: ReadyLine): boolean
  onWrongReady(error: Error): void
  onTurnEnd(): void
}

const longestLogged = 8_192

/** Does what a line of a program says. One that is cut was too long. */
export function takeLine(line: string, isCut: boolean, listener: LineListener): void {
  if (line.trim() === '') return
  const said = isCut ? tooLong(line, listener) : parseLine(line)
  switch (said.kind) {
    case 'chunk':
      return toTurn(said.turnId, listener)?.push(said.chunk, line.length)
    case 'end': {
      const turn = toTurn(said.turnId, listener)
      if (turn === undefined) return
      if (said.reason !== undefined) turn.push({ type: 'finish', reason: said.reason }, 0)
      listener.onTurnEnd()
      return turn.end()
    }
    case 'error':
      return toTurn(said.turnId, listener)?.end(errorOfFault(listener.label, said.fault))
    case 'ready':
      if (!listener.onReady(said.ready))
        listener.logger.debug({}, 'the program said once more that it is ready')
      return
    case 'health':
      if (!listener.health.take(said.id, said.report))
        listener.logger.debug({}, 'the program told its health without being asked')
      return
    case 'wrong':
      return takeWrong(said, listener)
    case 'foreign':
      return listener.logger.info(cutLine(said.what), 'the program wrote what is not the protocol')
  }
}

function toTurn(turnId: string, { turns, logger }: LineListener): ProgramTurn | undefined {
  const turn = turns.get(turnId)
  // An id that nobody gave it may be anything.
  if (turn?.isSent !== true) logger.debug({}, 'the program wrote a line about a turn that is not running')
  return turn?.isSent === true ? turn : undefined
}

function takeWrong(wrong: Extract<ProgramLine, { kind: 'wrong' }>, listener: LineListener): void {
  const { type, turnId, fault } = wrong
  const error = violation(listener.label, `a line of the type ${type} is wrong: ${fault}`)
  if (type === 'ready') return listener.onWrongReady(error)
  if (turnId !== undefined) return toTurn(turnId, listener)?.reject(error)
  if (type === 'health') return listener.logger.warn({ err: error }, 'the program told its health wrongly')
  // One of them lacks a piece now, and nobody knows which.
  for (const turn of listener.turns.values()) if (turn.isSent) turn.reject(error)
  listener.logger.warn(
    { err: error },
    'the program wrote a line that names no turn: its running turns failed',
  )
}

/** A line that was cut can't be parsed; but as far as it was read, it may say whose it is. */
function tooLong(line: string, { longest }: LineListener): ProgramLine {
  if (!line.trimStart().startsWith('{')) return foreignLine(line)
  const type = /^\s*\{\s*"type"\s*:\s*"([a-z_]{1,32})"/.exec(line)?.[1]
  if (type !== undefined && !isKnownType(type)) return foreignLine(line)
  // Within a string it would be \"turn_id\".
  const turnId = /"turn_id"\s*:\s*"([^"\\]*)"/.exec(line)?.[1]
  return { kind: 'wrong', type: type ?? 'unknown', turnId, fault: `it has more than ${longest} characters` }
}

function cutLine(what: Extract<ProgramLine, { kind: 'foreign' }>['what']): object {
  return 'line' in what ? { line: what.line.slice(0, longestLogged).toWellFormed() } : what
}
