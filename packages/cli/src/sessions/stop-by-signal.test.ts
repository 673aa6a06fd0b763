import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ProcessHooks } from '../main-options.js'
import { stopBySignal } from './stop-by-signal.js'

/** A process that notes how it was ended, and a clock that is set by hand. */
function started(signal?: AbortSignal) {
  const exits: number[] = []
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
  const clock = { now: 0 }
  const hooks = process as unknown as ProcessHooks
  const stop = stopBySignal({ process: hooks, signal: signal as AbortSignal }, () => clock.now)
  return { process, exits, clock, stop }
}

describe('a command that can be stopped', () => {
  it.each(['SIGINT', 'SIGTERM'])('is stopped by %s', (name) => {
    const { process, exits, stop } = started()
    expect(stop.signal.aborted).toBe(false)
    process.emit(name)
    expect(stop.signal.aborted).toBe(true)
    expect(exits).toEqual([])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('is ended at once by a second signal, %s', (name, code) => {
    const { process, exits, clock } = started()
    process.emit('SIGINT')
    clock.now = 501
    process.emit(name)
    expect(exits).toEqual([code])
  })

  it('does not take a Ctrl-C soon after a SIGTERM for one that came twice', () => {
    const { process, exits } = started()
    process.emit('SIGTERM')
    process.emit('SIGINT')
    expect(exits).toEqual([130])
  })

  it('takes a Ctrl-C that comes twice, as under npm, for one', () => {
    const { process, exits, clock } = started()
    process.emit('SIGINT')
    clock.now = 500
    process.emit('SIGINT')
    expect(exits).toEqual([])
  })

  it('is stopped by the signal of its caller, also by one that was aborted before', () => {
    const controller = new AbortController()
    const { stop } = started(controller.signal)
    controller.abort()
    expect(stop.signal.aborted).toBe(true)
    expect(started(AbortSignal.abort()).stop.signal.aborted).toBe(true)
  })

  it('leaves no listener behind', () => {
    const { process, stop } = started()
    stop.release()
    expect(process.eventNames()).toEqual([])
    process.emit('SIGINT')
    expect(stop.signal.aborted).toBe(false)
  })
})
