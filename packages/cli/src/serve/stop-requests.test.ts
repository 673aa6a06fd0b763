import { EventEmitter } from 'node:events'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { listenForStop } from './stop-requests.js'

function listen(signal?: AbortSignal) {
  const log = new TextOutput()
  const exits: number[] = []
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
  const clock = { now: 0 }
  const logger = pino({}, log)
  return {
    process,
    exits,
    clock,
    log,
    stop: listenForStop({ process, signal, logger, now: () => clock.now }),
  }
}

describe('a server is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'])('by %s, and ends with 0', async (name) => {
    const { process, stop, exits } = listen()
    process.emit(name, name)
    await stop.requested
    expect(stop.exitCode()).toBe(0)
    expect(exits).toEqual([])
  })

  it.each([
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGTERM', 'SIGTERM', 143],
  ])('by %s, and at once by %s after it', (first, second, code) => {
    const { process, exits } = listen()
    process.emit(first, first)
    process.emit(second, second)
    expect(exits).toEqual([code])
  })

  it('by a second Ctrl-C, but not by the same one that npm hands on', () => {
    const { process, exits, clock } = listen()
    process.emit('SIGINT', 'SIGINT')
    clock.now = 20
    process.emit('SIGINT', 'SIGINT')
    expect(exits).toEqual([])
    clock.now = 900
    process.emit('SIGINT', 'SIGINT')
    expect(exits).toEqual([130])
  })

  it('by an uncaught error, and ends with 1, also when a signal came first', async () => {
    const { process, stop } = listen()
    process.emit('SIGTERM', 'SIGTERM')
    process.emit('uncaughtException', new Error('broken'))
    await stop.requested
    expect(stop.exitCode()).toBe(1)
  })

  it('by an uncaught error, and at once with 1 by a second one, which is not logged', async () => {
    const { process, exits, log } = listen()
    process.emit('uncaughtException', new Error('first'))
    expect(exits).toEqual([])
    process.emit('uncaughtException', new Error('second'))
    expect(exits).toEqual([1])
    expect(log.logLines()).toMatchObject([{ level: 60, err: { message: 'first' } }])
  })

  it('by its abort signal, also when that was aborted before', async () => {
    const controller = new AbortController()
    const { stop } = listen(controller.signal)
    controller.abort()
    await expect(stop.requested).resolves.toBeUndefined()
    await expect(listen(controller.signal).stop.requested).resolves.toBeUndefined()
  })

  it('no more once it is released', () => {
    const { process, stop } = listen()
    stop.release()
    expect(process.eventNames()).toEqual([])
  })
})
