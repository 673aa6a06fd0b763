import { createManualClock } from '@colloquy/session/testing'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { gatherLines } from './gather-lines.js'
import type { Output } from './main-options.js'

/** A logger of gathered lines, and what was written so far: of each write, the messages. */
function gathered() {
  const writes: string[][] = []
  const write = (text: string) => {
    const lines = text.trimEnd().split('\n')
    writes.push(lines.map((line) => (JSON.parse(line) as { msg: string }).msg))
    return true
  }
  const clock = createManualClock()
  const logger = pino({ level: 'debug' }, gatherLines({ write } as Output, clock))
  return { logger, writes, clock }
}

describe('the lines of a log', () => {
  it('are written together, a hundredth of a second after the first of them', async () => {
    const { logger, writes, clock } = gathered()
    logger.info('one')
    await clock.advance(9)
    logger.child({ request_id: 'x' }).debug('two')
    expect(writes).toEqual([])
    await clock.advance(1)
    expect(writes).toEqual([['one', 'two']])
    logger.info('three')
    await clock.advance(10)
    expect(writes).toEqual([['one', 'two'], ['three']])
    expect(clock.timers).toBe(0)
  })

  it('are written with an error right away, in their order', () => {
    const { logger, writes } = gathered()
    logger.info('one')
    logger.error('two')
    logger.warn('three')
    logger.fatal('four')
    expect(writes).toEqual([
      ['one', 'two'],
      ['three', 'four'],
    ])
  })

  it('wait also when they are warnings: every refusal of a busy server is one', async () => {
    const { logger, writes, clock } = gathered()
    logger.warn('one')
    logger.warn('two')
    expect(writes).toEqual([])
    await clock.advance(10)
    expect(writes).toEqual([['one', 'two']])
  })

  it('are written when somebody asks for it, before the process ends', () => {
    const { logger, writes } = gathered()
    logger.info('one')
    logger.flush()
    logger.flush()
    expect(writes).toEqual([['one']])
  })

  it('do not pile up', () => {
    const { logger, writes } = gathered()
    for (let n = 0; n < 100; n += 1) logger.info({ text: 'x'.repeat(1_000) }, 'long')
    expect(writes.flat().length).toBeGreaterThan(60)
  })
})
