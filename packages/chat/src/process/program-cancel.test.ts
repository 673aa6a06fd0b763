import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  ask,
  contextOf,
  failureOf,
  gone,
  reading,
  recording,
  settled,
  started,
  textOf,
} from './bot.fixture.js'

/** Goes on and on with `hold`, tells what it was told to cancel, and ends such a turn when it is told to `let go`. */
const holding = `
const cancelled = []
on.cancel = ({ turn_id }) => { cancelled.push(turn_id); text(turn_id, 'too late') }
on.turn = ({ turn_id, message }) => {
  if (message === 'hold') return text(turn_id, 'held')
  if (message === 'hang') { const until = Date.now() + 1e9; text(turn_id, 'hung'); return setImmediate(() => { while (Date.now() < until); }) }
  if (message === 'let go') for (const id of cancelled) { text(id, 'too late'); end(id) }
  text(turn_id, cancelled.join()); end(turn_id)
}`

describe('a turn that is stopped', () => {
  it('is cancelled in the program, and ends when the program has ended it', async () => {
    const clock = createManualClock()
    const chat = await started(holding, { clock })
    const reply = reading(chat, 'hold', {})
    expect(await reply.next()).toBe('held')
    const next = reply.next()
    reply.abort()
    let hasEnded = false
    void next.then(() => (hasEnded = true))
    expect(await textOf(ask(chat, ''))).toMatch(/^turn_\d+$/)
    expect(hasEnded).toBe(false)
    await ask(chat, 'let go')
    expect(await next).toBeUndefined()
    expect(clock.timers).toBe(0)
  })

  it('ends so too when its reader leaves', async () => {
    const chat = await started(
      'let told = 0; on.turn = ({ turn_id }) => text(turn_id, String(told)); on.cancel = ({ turn_id }) => { told += 1; end(turn_id) }',
    )
    for (const times of ['0', '1', '2']) {
      const reply = reading(chat, '')
      expect(await reply.next()).toBe(times)
      await reply.leave()
      expect(await reply.next()).toBeUndefined()
    }
  })

  it('is over after the grace without the program, and what still comes for it is dropped', async () => {
    const clock = createManualClock()
    const chat = await started(holding, { clock })
    const reply = reading(chat, 'hold')
    await reply.next()
    const next = reply.next()
    reply.abort()
    await ask(chat, '') // a sign of life, and the program was told by now
    await clock.advance(4_000)
    expect(await next).toBeUndefined()
    expect(await textOf(ask(chat, 'let go'))).toMatch(/^turn_\d+$/)
    expect(clock.timers).toBe(0)
  })

  it('by a reader that leaves while it waits, without an abort, ends soon, and is cancelled', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => text(turn_id, 'well')
      on.cancel = ({ turn_id }) => { console.error('cancelled ' + turn_id); end(turn_id) }`,
      { logger },
    )
    const reply = reading(chat, '', { turnId: 'turn_left' })
    expect(await reply.next()).toBe('well')
    const next = reply.next()
    await reply.leave()
    expect(await next).toBeUndefined()
    expect((await has('the program wrote to its stderr')).fields['line']).toBe('cancelled turn_left')
  })

  it('before it began asks nobody', async () => {
    const chat = await started(
      'let count = 0; on.turn = ({ turn_id }) => { count += 1; text(turn_id, String(count)); end(turn_id) }',
    )
    const aborted = reading(chat, '')
    aborted.abort()
    await expect(aborted.next()).rejects.toThrow('aborted')
    const left = reading(chat, '')
    await left.leave()
    expect(await left.next()).toBeUndefined()
    expect(await textOf(ask(chat, ''))).toBe('1')
    const reply = reading(chat, '')
    const first = reply.next()
    reply.abort() // as it is just told
    expect(await first).toBeUndefined()
  })

  it('that the program has ended already needs no cancelling', async () => {
    const chat = await started(
      'let told = 0; on.cancel = () => told += 1; on.turn = ({ turn_id }) => { text(turn_id, String(told)); end(turn_id) }',
    )
    const reply = reading(chat, '')
    expect(await reply.next()).toBe('0')
    await textOf(ask(chat, '')) // after its end
    reply.abort()
    await reply.leave()
    expect(await textOf(ask(chat, ''))).toBe('0')
  })

  it('may fail in the program, which is nobody’s business', async () => {
    const chat = await started(
      "on.turn = ({ turn_id }) => text(turn_id, 'a'); on.cancel = ({ turn_id }) => say('error', { turn_id, code: 'timeout' })",
    )
    for (const wrong of [0, 1]) {
      const reply = reading(chat, '')
      await reply.next()
      if (wrong) reply.abort()
      else await reply.leave()
      expect(await reply.next()).toBeUndefined()
    }
  })

  it('is over when the program ends', async () => {
    const chat = await started(`${holding}; on.cancel = () => process.exit(1)`)
    const reply = reading(chat, 'hold')
    await reply.next()
    const next = reply.next()
    reply.abort()
    expect(await next).toBeUndefined()
  })
})

describe('a program that says nothing since a turn was cancelled', () => {
  it('is ended when it has no other turn, and started again', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(holding, { clock, logger })
    const { fields } = await has('the program is ready')
    const reply = reading(chat, 'hang')
    await reply.next()
    const next = reply.next()
    reply.abort()
    await clock.advance(4_000)
    expect(await next).toBeUndefined()
    expect((await has('the program hangs; it is ended')).level).toBe('warn')
    await gone(Number(fields['program_pid']))
    await has('the program was ended by SIGTERM; it is started again')
    const answer = textOf(ask(chat, ''))
    await clock.advance(100)
    expect(await answer).toBe('')
    expect(clock.timers).toBe(0)
  })

  it('keeps the turn that it is busy with, gets no new ones, and gets them again when it says something', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-busy-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    // Busy until there is a file: a program of one thread, which reads its stdin only afterwards.
    const chat = await started(
      `on.turn = ({ turn_id, message }) => {
        text(turn_id, 'begun')
        if (message === 'busy') return setImmediate(() => { while (!require('node:fs').existsSync(turn_id)); end(turn_id) })
        end(turn_id)
      }`,
      { clock, logger, cwd: folder },
    )
    const busy = reading(chat, 'busy', { turnId: 'done' })
    expect(await busy.next()).toBe('begun')
    const other = reading(chat, 'other')
    const nothing = other.next()
    await settled()
    other.abort()
    await clock.advance(4_000)
    expect(await nothing).toBeUndefined()
    await has('the program wrote nothing since it was told to cancel a turn')
    expect(await chat.health?.()).toEqual({ process: { status: 'unhealthy', detail: 'it does not answer' } })
    const late = failureOf(ask(chat, ''))
    const notReady = {
      code: 'not_ready',
      message: expect.stringContaining('does not answer'),
    }
    await clock.advance(10_000)
    expect(await late).toMatchObject(notReady)
    const waiting = textOf(ask(chat, ''))
    await writeFile(join(folder, 'done'), '')
    expect(await busy.next()).toBeUndefined()
    await has('the program writes again')
    expect(await waiting).toBe('begun')
    expect(await chat.health?.()).toEqual({ process: { status: 'healthy' } })
    expect(clock.timers).toBe(0)
  })

  it('is ended when the last of its turns was given up', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(holding, { clock, logger })
    const busy = reading(chat, 'hold')
    await busy.next()
    const hung = reading(chat, 'hang')
    await hung.next()
    const ends = [busy.next(), hung.next()]
    hung.abort()
    await clock.advance(4_000)
    expect(await ends[1]).toBeUndefined()
    busy.abort()
    await clock.advance(3_999)
    await clock.advance(1)
    expect(await ends[0]).toBeUndefined()
    await has('the program hangs; it is ended')
    await has('the program was ended by SIGTERM')
  })

  it('and has never read anything is ended; the turns that it was not told of go to the next', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id, message }) => {
        if (message === 'hang') { text(turn_id, 'hung'); setImmediate(() => { for (;;); }); return }
        text(turn_id, String(message.length)); end(turn_id)
      }`,
      { clock, logger },
    )
    const hung = reading(chat, 'hang')
    await hung.next()
    const length = 1_000_000 // more than a pipe holds
    const told = reading(chat, 'x'.repeat(length))
    const [first, next] = [told.next(), hung.next()]
    await settled()
    const waiting = [1, 2, 3].map((n) => textOf(ask(chat, 'x'.repeat(length + n))))
    const withdrawn = reading(chat, 'x'.repeat(length))
    const never = withdrawn.next()
    await settled()
    withdrawn.abort()
    expect(await never).toBeUndefined() // at once: the program need not be told
    told.abort()
    hung.abort()
    await clock.advance(4_000)
    expect(await Promise.all([first, next])).toEqual([undefined, undefined])
    await has('the program was ended by SIGTERM')
    await clock.advance(100)
    expect(await Promise.all(waiting)).toEqual([1, 2, 3].map((n) => String(length + n)))
    expect(clock.timers).toBe(0)
  })
})

it('a hundred turns that are stopped at any moment leave nothing behind', async () => {
  const clock = createManualClock()
  const chat = await started(
    `on.turn = async ({ turn_id }) => { for (let n = 0; n < 20; n += 1) { text(turn_id, 'x'); await new Promise(setImmediate) }; end(turn_id) }`,
    { clock },
  )
  await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const stop = new AbortController()
      let left = n % 25
      const reply = chat.reply('', contextOf({ signal: stop.signal }))
      if (left === 0) {
        stop.abort()
        return failureOf(reply[Symbol.asyncIterator]().next())
      }
      for await (const chunk of reply) {
        expect(chunk).toEqual({ type: 'text', text: 'x' })
        left -= 1
        if (left === 0) stop.abort()
        if (left === 0 && n % 2 === 0) break
      }
      return undefined
    }),
  )
  expect(clock.timers).toBe(0)
  expect(await textOf(ask(chat, ''))).toHaveLength(20)
})
