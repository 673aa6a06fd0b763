import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, reading, recording, started, textOf } from './bot.fixture.js'

/**
 * Writes lines with what `words` says, and tells on its stderr after how many of them it can't go on: a thread looks
 * whether the count has stood still, as a write may hold up everything else.
 */
const writing = `
const count = new Int32Array(new SharedArrayBuffer(4))
const watch = () => {
  let before = -1
  const { workerData: count } = require('node:worker_threads')
  setInterval(() => {
    if (count[0] > 0 && count[0] === before) require('node:fs').writeSync(2, 'held up after ' + before + '\\n')
    before = count[0]
  }, 200)
}
new (require('node:worker_threads').Worker)('(' + watch + ')()', { eval: true, workerData: count }).unref()
const put = async (turn_id, words) => {
  if (!write(JSON.stringify({ type: 'text', turn_id, text: words }) + '\\n'))
    await new Promise((resolve) => process.stdout.once('drain', resolve))
  count[0] += 1
  await new Promise(setImmediate)
}
`

/** Writes without end to whoever says `flood`, as fast as it can. */
const flooding = `${writing}
let isOver = false
on.cancel = ({ turn_id }) => { isOver = true; end(turn_id) }
on.turn = async ({ turn_id, message }) => {
  if (message !== 'flood') { text(turn_id, 'dry'); return end(turn_id) }
  while (!isOver) await put(turn_id, 'x'.repeat(100))
}`

/** Waits until a program can't go on, and returns how many lines it had written by then. */
async function heldUpAfter({ until }: ReturnType<typeof recording>): Promise<number> {
  const { fields } = await until(({ fields }) => String(fields['line']).startsWith('held up'))
  return Number(String(fields['line']).split(' ').at(-1))
}

describe('a reader that is slow', () => {
  it('holds up the program, so that little waits for it, and gets everything in the end', async () => {
    const count = 20_000
    const log = recording()
    const chat = await started(
      `${writing}; on.turn = async ({ turn_id }) => { for (let n = 0; n < ${count}; n += 1) await put(turn_id, n + ' '); end(turn_id) }`,
      { logger: log.logger },
    )
    const reply = reading(chat, '')
    let all = (await reply.next()) ?? ''
    expect(await heldUpAfter(log)).toBeLessThan(count / 2)
    for (let text = await reply.next(); text !== undefined; text = await reply.next()) all += text
    expect(all).toBe(Array.from({ length: count }, (_, n) => `${n} `).join(''))
  })

  it('of long pieces holds it up, too', async () => {
    const log = recording()
    const chat = await started(
      `${writing}; on.turn = async ({ turn_id }) => { for (let n = 0; n < 100; n += 1) await put(turn_id, 'x'.repeat(100_000)); end(turn_id) }`,
      { logger: log.logger },
    )
    const reply = reading(chat, '')
    let length = (await reply.next())?.length ?? 0
    expect(await heldUpAfter(log)).toBeLessThan(20)
    for (let text = await reply.next(); text !== undefined; text = await reply.next()) length += text.length
    expect(length).toBe(10_000_000)
  })

  it('holds up the other turns of its process, until it leaves; nobody takes the program for silent then', async () => {
    const clock = createManualClock()
    const log = recording()
    const chat = await started(flooding, { clock, logger: log.logger })
    const flood = reading(chat, 'flood')
    expect(await flood.next()).toBe('x'.repeat(100))
    await heldUpAfter(log)
    const other = reading(chat, '')
    const dry = other.next()
    const third = reading(chat, '')
    const nothing = third.next()
    third.abort()
    await clock.advance(4_000)
    expect(await nothing).toBeUndefined()
    await flood.leave()
    expect(await dry).toBe('dry')
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
    expect(await textOf(ask(chat, ''))).toBe('dry')
  })

  it('does not keep the program from being stopped', async () => {
    const log = recording()
    const chat = await started(flooding, { logger: log.logger, stopGraceMs: 0 })
    const flood = reading(chat, 'flood')
    await flood.next()
    await heldUpAfter(log)
    await chat.stop?.()
    const rest = async () => {
      while ((await flood.next()) !== undefined);
    }
    await expect(rest()).rejects.toThrow('was stopped in the middle of the turn')
  })
})

it('a program that floods one turn answers the others, as long as that one is read', async () => {
  const chat = await started(flooding)
  const flood = reading(chat, 'flood')
  expect(await flood.next()).toHaveLength(100)
  let isAnswered = false
  const answer = textOf(ask(chat, '')).finally(() => (isAnswered = true))
  while (!isAnswered) expect(await flood.next()).toHaveLength(100)
  expect(await answer).toBe('dry')
  await flood.leave()
})
