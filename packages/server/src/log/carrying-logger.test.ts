import { type Level, pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { CarryingLogger } from './carrying-logger.js'

const levels: readonly Level[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

function record(level: Level = 'trace') {
  const lines: Record<string, unknown>[] = []
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return { lines, logger: pino({ level, base: null, timestamp: false }, stream) }
}

describe('a logger that carries its bindings', () => {
  it('writes at every level what a child of pino would', () => {
    const carried = record()
    const child = record()
    const bindings = [{ request_id: 'r1' }, { turn_id: 't1', request_id: 'r2' }] as const
    const carrying = new CarryingLogger(carried.logger).child(bindings[0]).child(bindings[1])
    const plain = child.logger.child(bindings[1])
    for (const level of levels) {
      carrying[level]({ n: 1 }, 'of %d', 7)
      plain[level]({ n: 1 }, 'of %d', 7)
      carrying[level]({ n: 2 })
      plain[level]({ n: 2 })
    }
    expect(carried.lines).toEqual(child.lines)
    expect(carried.lines).toHaveLength(2 * levels.length)
  })

  it('takes errors and texts in the place of fields, as pino does', () => {
    const { lines, logger } = record()
    const carrying = new CarryingLogger(logger, { request_id: 'r1' })
    carrying.error(new Error('boom'), 'it broke')
    carrying.info('just %s', 'words')
    expect(lines).toMatchObject([
      { request_id: 'r1', msg: 'it broke', err: { message: 'boom' } },
      { request_id: 'r1', msg: 'just words' },
    ])
  })

  it('writes nothing below its level, and does not look at what it would write', () => {
    const { lines, logger } = record('warn')
    const fields = {
      get secret(): never {
        throw new Error('looked at')
      },
    }
    new CarryingLogger(logger).info(fields, 'no')
    expect(lines).toEqual([])
  })

  it('has children of pino where they have serializers of their own', () => {
    const { lines, logger } = record()
    const serializers = { err: () => 'left out' }
    new CarryingLogger(logger, { request_id: 'r1' })
      .child({ turn_id: 't1' }, { serializers })
      .warn({ err: new Error('boom') }, 'it broke')
    expect(lines).toMatchObject([{ request_id: 'r1', turn_id: 't1', err: 'left out', msg: 'it broke' }])
  })
})
