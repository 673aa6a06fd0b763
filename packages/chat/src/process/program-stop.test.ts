import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, bot, failureOf, gone, isAlive, recording, settled, started } from './bot.fixture.js'
import { fromProcess } from './index.js'

describe('a stop', () => {
  it('is told to the program, whose stdin ends then; everybody has ended after it', async () => {
    const { logger, lines } = recording()
    const clock = createManualClock()
    const chat = await started(
      `on.stop = () => { console.error('told to stop'); process.stdin.on('end', () => console.error('end of stdin')) }`,
      { logger, processes: 3, clock },
    )
    const pids = lines.map(({ fields }) => Number(fields['program_pid']))
    expect(pids.map(isAlive)).toEqual([true, true, true])
    await Promise.all([chat.stop?.(), chat.stop?.()])
    await chat.stop?.()
    expect(pids.map(isAlive)).toEqual([false, false, false])
    const words = lines.flatMap(({ fields: { line } }) => line ?? [])
    expect(
      ['told to stop', 'end of stdin'].map((word) => words.filter((said) => said === word).length),
    ).toEqual([3, 3])
    expect(clock.timers).toBe(0)
    await expect(ask(chat, '')).rejects.toMatchObject({
      code: 'not_ready',
      message: 'The program "node" was stopped.',
    })
  })

  it('gives the program its grace, then SIGTERM and SIGKILL to it and all that it has started', async () => {
    const clock = createManualClock()
    const { logger, has, lines } = recording()
    const deaf = "process.on('SIGTERM', () => console.error('SIGTERM')); setInterval(() => {}, 1000)"
    const chat = await started(
      `${deaf}
      const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(`${deaf}; console.log("up")`)}], { stdio: ['ignore', 'pipe', 'ignore'] })
      on.start = () => child.stdout.once('data', () => { console.error('child ' + child.pid); say('ready') })
      on.stop = () => console.error('told to stop')`,
      { clock, logger },
    )
    const { fields } = await has('the program is ready')
    const pid = Number(fields['program_pid'])
    const child = Number(
      String(lines.find(({ fields: { line } }) => line !== undefined)?.fields['line']).slice(6),
    )
    let hasStopped = false
    const stopping = Promise.resolve(chat.stop?.()).then(() => (hasStopped = true))
    const said = async (text: string) => {
      while (!lines.some(({ fields: { line } }) => line === text)) await settled()
    }
    await said('told to stop')
    await clock.advance(2_499)
    expect(lines.some(({ fields: { line } }) => line === 'SIGTERM')).toBe(false)
    await clock.advance(1)
    await said('SIGTERM')
    await clock.advance(1_999)
    expect([hasStopped, isAlive(pid), isAlive(child)]).toEqual([false, true, true])
    await clock.advance(1)
    await stopping
    await Promise.all([gone(pid), gone(child)])
    expect(clock.timers).toBe(0)
  })

  it('fails a turn that still runs', async () => {
    const { logger, lines } = recording()
    const chat = await started("on.turn = () => console.error('running')", { logger })
    const failed = failureOf(ask(chat, ''))
    while (!lines.some(({ fields: { line } }) => line === 'running')) await settled()
    await chat.stop?.()
    expect(await failed).toMatchObject({
      message: expect.stringContaining('was stopped in the middle of the turn'),
    })
  })

  it('before a start does nothing, and after one the program can be started anew', async () => {
    const chat = fromProcess(bot())
    await chat.stop?.()
    for (let n = 0; n < 2; n += 1) {
      await chat.start?.()
      expect(await ask(chat, 'Hello')).toEqual([{ type: 'text', text: 'You said: Hello' }])
      await chat.stop?.()
    }
  })
})
