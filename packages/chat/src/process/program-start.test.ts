import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, bot, failureOf, gone, recording, textOf } from './bot.fixture.js'
import { fromProcess, type ProcessOptions } from './index.js'

/** What a start is refused with, and whether anything is left that waits. */
async function refusal(options: ProcessOptions): Promise<string> {
  const clock = createManualClock()
  const chat = fromProcess({ clock, ...options })
  const error: unknown = await Promise.resolve(chat.start?.()).catch((error: unknown) => error)
  expect(clock.timers).toBe(0)
  return error instanceof Error ? error.message : 'it started'
}

describe('a start says why it failed, and what to do', () => {
  it('when there is no such program', async () => {
    expect(await refusal({ command: '/no/such/bot' })).toBe(
      `The program "bot" can't be started (ENOENT). There is no such program, or no such folder to run it in. ` +
        'Give its path, or a name that is in the PATH.',
    )
    expect(await refusal({ ...bot(), cwd: '/no/such/folder' })).toContain('no such folder to run it in')
  })

  it('when it may not be run', async () => {
    expect(await refusal({ command: import.meta.filename })).toMatch(/EACCES.*chmod \+x/)
  })

  it('when the program ends before it is ready, with its last words', async () => {
    const program = `on.start = () => {
      for (let n = 0; n < 50; n += 1) console.error('line ' + n + ' ' + 'x'.repeat(1000))
      process.exitCode = 3; process.stdin.destroy()
    }`
    const message = await refusal({ ...bot(program), name: 'mine' })
    expect(message).toMatch(
      /^The program "mine" ended with exit code 3 before it was ready\. It has to write/,
    )
    expect(
      message
        .split('\n')
        .slice(1)
        .map((line) => line.slice(0, 8)),
    ).toEqual(['Its stde', ...Array.from({ length: 10 }, (_, n) => `line ${40 + n} `)])
    expect(message.length).toBeLessThan(6_000)
  })

  it('when a signal ends it', async () => {
    expect(await refusal(bot('on.start = () => process.kill(process.pid, "SIGKILL")'))).toMatch(
      /was ended by SIGKILL before it was ready/,
    )
  })

  it.each([
    ['a name that is none', '{ name: 5 }', 'its name is a number, and has to be a string'],
    ['functions that are none', '{ functions: {} }', 'its functions is an object, and has to be an array'],
    [
      'a function without parameters',
      '{ functions: [{ name: "f", description: "d" }] }',
      'parameters of an entry',
    ],
    [
      'a promise of health that is none',
      '{ health: 1 }',
      'its health is a number, and has to be true or false',
    ],
  ])('when it says that it is ready with %s', async (_what, fields, fault) => {
    expect(await refusal(bot(`on.start = () => say('ready', ${fields})`))).toContain(fault)
  })

  it('when it says nothing in time, and then it is ended', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = fromProcess({
      ...bot('on.start = () => console.error("thinking " + process.pid)'),
      clock,
      logger,
    })
    const failed = failureOf(chat.start?.())
    const why =
      /was not ready within 10000 ms\. It has to write \{"type":"ready"\}.*flush[^]*ended with:\nthinking/
    const { fields } = await has('the program wrote to its stderr')
    await clock.advance(10_000)
    expect(await failed).toMatchObject({ message: expect.stringMatching(why) })
    expect(clock.timers).toBe(0)
    await gone(Number(fields['program_pid']))
  })
})

describe('a start', () => {
  it('that failed leaves no process behind, and may be tried again', async () => {
    const { logger, lines } = recording()
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-start-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const program = `on.start = () => {
      console.error('up')
      try { require('node:fs').mkdirSync('first'); process.exitCode = 1; process.stdin.destroy() } catch { say('ready') }
    }`
    const chat = fromProcess({ ...bot(program), cwd: folder, processes: 4, logger })
    onTestFinished(() => chat.stop?.())
    await expect(chat.start?.()).rejects.toThrow('ended with exit code 1')
    const pids = lines.map(({ fields }) => Number(fields['program_pid']))
    await Promise.all(pids.map(gone))
    expect(pids.length).toBeGreaterThan(0)
    await chat.start?.()
    expect(await textOf(ask(chat, 'Hello'))).toBe('You said: Hello')
  })

  it('that is stopped in the middle is over', async () => {
    const { logger, has } = recording()
    const chat = fromProcess({ ...bot('on.start = () => console.error("up")'), logger })
    const failed = failureOf(chat.start?.())
    const { fields } = await has('the program wrote to its stderr')
    await chat.stop?.()
    expect(await failed).toMatchObject({ message: expect.stringContaining('before it was ready') })
    await gone(Number(fields['program_pid']))
  })
})
