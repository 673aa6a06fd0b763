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
  const said = isCut ? tooLong(line, listener) : readLine(line, listener)
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

/** Reads a line. One that can't be parsed may be a piece of a running turn, which lacks it then; else it is none of the protocol. */
function readLine(line: string, listener: LineListener): ProgramLine {
  const said = parseLine(line)
  if (said.kind !== 'broken') return said
  const [type, turnId] = [typeOfBroken(line), turnOfBroken(line, listener)]
  if (type === undefined || !listener.turns.get(turnId ?? '')?.isSent) return foreignLine(line)
  const fault = 'it is no JSON, which has no NaN, no Infinity and no line breaks within a text'
  return { kind: 'wrong', type, turnId, fault }
}

/** A line that was cut can't be parsed; but as far as it was read, it may say whose it is. */
function tooLong(line: string, listener: LineListener): ProgramLine {
  const type = typeOfBroken(line)
  if (type === undefined) return foreignLine(line)
  const fault = `it has more than ${listener.longest} characters`
  return { kind: 'wrong', type, turnId: turnOfBroken(line, listener), fault }
}

/** The type of a line that can't be parsed; undefined for one that is not of the protocol. */
function typeOfBroken(line: string): string | undefined {
  if (!line.trimStart().startsWith('{')) return undefined
  const type = /^\s*\{\s*"type"\s*:\s*"([a-z_]{1,32})"/.exec(line)?.[1] ?? 'unknown'
  return type === 'unknown' || isKnownType(type) ? type : undefined
}

/** Which turn such a line names: the first one that runs, or else the first one. Within a string it would be \"turn_id\". */
function turnOfBroken(line: string, { turns }: LineListener): string | undefined {
  const ids = Array.from(line.matchAll(/"turn_id"\s*:\s*"([^"\\]*)"/g), ([, id = '']) => id)
  return ids.find((id) => turns.get(id)?.isSent) ?? ids[0]
}

function cutLine(what: Extract<ProgramLine, { kind: 'foreign' }>['what']): object {
  return 'line' in what ? { line: what.line.slice(0, longestLogged).toWellFormed() } : what
}
