import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { endIfKeptAlive, endIfStuck } from './end-of-process.js'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function startProcess() {
  const exits: number[] = []
  const log = new TextOutput()
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
  return { process, exits, log, logger: pino({}, log) }
}

describe('a process', () => {
  it('ends with 1, and says so, when closing takes ten seconds longer than the grace', async () => {
    const { process, exits, log, logger } = startProcess()
    const { promise: flushed, resolve: flush } = Promise.withResolvers<void>()
    endIfStuck(process, logger, { grace: 30_000, flush: () => flushed })
    vi.advanceTimersByTime(39_999)
    expect(log.logLines()).toEqual([])
    vi.advanceTimersByTime(1)
    expect(log.logLines()).toMatchObject([{ level: 50 }])
    expect(exits).toEqual([]) // the line is still on its way
    flush()
    await flushed
    expect(exits).toEqual([1])
  })

  it('is left alone when it closed in time', () => {
    const { process, exits, logger } = startProcess()
    endIfStuck(process, logger, { grace: 0, flush: async () => {} }).release()
    vi.advanceTimersByTime(1_000_000)
    expect(exits).toEqual([])
  })

  it('ends with its own code when something keeps it alive for a second', () => {
    const { process, exits } = startProcess()
    endIfKeptAlive(process, 0)
    vi.advanceTimersByTime(1_000)
    expect(exits).toEqual([0])
  })
})
