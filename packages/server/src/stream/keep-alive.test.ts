import type { ServerResponse } from 'node:http'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { KeepAlive } from './keep-alive.js'

const comment = ': keep-alive\n\n'

/** Streams that are kept alive after a second of silence each. */
function keptAlive(silenceMs = 1_000) {
  const clock = createManualClock()
  const keepAlive = new KeepAlive(clock, silenceMs)
  const open = () => {
    const written: string[] = []
    const res = { writableLength: 0, write: (text: string) => written.push(text) }
    return { res, written, stream: keepAlive.start(res as unknown as ServerResponse) }
  }
  return { clock, keepAlive, open }
}

describe('streams that are kept alive', () => {
  it('have a comment after each silence, whenever they began and were written to, with one timer for all', async () => {
    const { clock, keepAlive, open } = keptAlive()
    const first = open()
    await clock.advance(400)
    const second = open()
    await clock.advance(400)
    const third = open()
    expect(clock.timers).toBe(1)
    keepAlive.hasWritten(first.stream)
    const comments = () => [first, second, third].map(({ written }) => written.length)
    await clock.advance(599)
    expect(comments()).toEqual([0, 0, 0])
    await clock.advance(1)
    expect(comments()).toEqual([0, 1, 0])
    await clock.advance(400)
    expect(comments()).toEqual([1, 1, 1])
    await clock.advance(600)
    expect(comments()).toEqual([1, 2, 1])
    await clock.advance(10_000)
    expect(comments()).toEqual([11, 12, 11])
    expect(new Set([first, second, third].flatMap(({ written }) => written))).toEqual(new Set([comment]))
    expect(clock.timers).toBe(1)
  })

  it('leave one by one, and the timer with the last', async () => {
    const { clock, keepAlive, open } = keptAlive()
    const streams = [open(), open(), open(), open()]
    const [first, second, third, fourth] = streams
    const leave = (one: (typeof streams)[number] | undefined) => one && keepAlive.stop(one.stream)
    leave(second)
    await clock.advance(1_000)
    leave(first)
    leave(fourth)
    expect(clock.timers).toBe(1)
    await clock.advance(1_000)
    leave(third)
    expect(clock.timers).toBe(0)
    await clock.advance(10_000)
    expect(streams.map(({ written }) => written.length)).toEqual([1, 0, 2, 1])
    open()
    expect(clock.timers).toBe(1)
  })

  it('have none as long as what was written last waits to be taken', async () => {
    const { clock, open } = keptAlive()
    const { res, written } = open()
    res.writableLength = 14
    await clock.advance(5_000)
    expect(written).toEqual([])
    res.writableLength = 0
    await clock.advance(1_000)
    expect(written).toEqual([comment])
  })
})
