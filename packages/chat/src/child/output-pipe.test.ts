import { PassThrough } from 'node:stream'
import { createManualClock } from '@colloquy/session/testing'
import { expect, it } from 'vitest'
import { readPipe } from './output-pipe.js'

const settled = () => new Promise((resolve) => setImmediate(resolve))

it('all that is in a pipe that somebody holds open is read, however late and slowly it is taken', async () => {
  const clock = createManualClock()
  const pipe = new PassThrough({ highWaterMark: 1_000_000 })
  for (let n = 0; n < 50; n += 1) pipe.write('x'.repeat(10_000))
  const output = readPipe(pipe, clock)
  let isClosed = false
  void output.closed.then(() => (isClosed = true))
  const pass = async () => {
    while (!isClosed) {
      await settled()
      await clock.advance(1_000)
    }
  }
  output.finish()
  const passed = pass()
  for (let n = 0; n < 100; n += 1) await settled()
  let length = 0
  for await (const part of output.stream) {
    length += String(part).length
    for (let n = 0; n < 10; n += 1) await settled()
  }
  await passed
  expect(length).toBe(500_000)
  expect(clock.timers).toBe(0)
})
