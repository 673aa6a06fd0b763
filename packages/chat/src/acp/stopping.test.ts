import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import {
  agentChat,
  chunksOf,
  contextOf,
  inSession,
  isAlive,
  keepingLogger,
  newFolder,
  recallOf,
  replyOf,
  said,
  script,
  startedChat,
  stateOf,
  textOf,
  until,
} from './talk.fixture.js'

/** Reads an answer until its text has come. */
async function readUntil(reply: AsyncIterator<unknown>, text: string): Promise<void> {
  for (let read = ''; !read.includes(text); ) {
    const { value, done } = await reply.next()
    if (done === true) throw new Error(`The answer ended without ${text}`)
    read += textOf([value as never])
  }
}

describe('a turn that is stopped', () => {
  it.each(['cancellable', 'silent'] as const)(
    'is cancelled with a %s agent, and ends when that has ended',
    async (endless) => {
      const journal = join(await newFolder(), 'journal')
      const chat = await startedChat({ journal })
      const stop = new AbortController()
      const context = contextOf({ signal: stop.signal })
      const reply = replyOf(chat, [{ say: 'go' }, { endless }], context)
      await readUntil(reply, 'go')
      stop.abort()
      expect(await reply.next()).toEqual({ done: true, value: undefined })
      expect(await reply.next()).toEqual({ done: true, value: undefined })
      expect(await readFile(journal, 'utf8')).toMatch(/\ncancel s\d+-1\n$/)
    },
  )

  it('leaves the session of the agent as it is, for the next one', async () => {
    const chat = await startedChat()
    const stop = new AbortController()
    const reply = replyOf(chat, [{ endless: 'cancellable' }], contextOf({ signal: stop.signal }))
    await readUntil(reply, '3')
    stop.abort()
    await reply.next()
    const chunks = await chunksOf(chat, script({ recall: true }), contextOf({ history: [said('user', 'x')] }))
    expect((JSON.parse(textOf(chunks)) as { said: string[] }).said).toHaveLength(2)
    expect(stateOf(chunks)).not.toBeNull() // the state of the stopped one was not kept
  })

  it('ends when its reader leaves, also one that waits for a chunk', async () => {
    const chat = await startedChat()
    const reply = replyOf(chat, [{ say: 'go' }, { endless: 'silent' }], contextOf())
    await readUntil(reply, 'go')
    const waiting = reply.next()
    expect(await reply.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect((await recallOf(chat)).said).toHaveLength(2)
  })

  it('asks nothing of the agent when it is stopped before it begins', async () => {
    const chat = await startedChat()
    const aborted = chunksOf(chat, 'Hello', contextOf({ signal: AbortSignal.abort() }))
    await expect(aborted).rejects.toThrow('aborted')
    const left = chat.reply('Hello', contextOf())[Symbol.asyncIterator]()
    expect(await left.return?.()).toEqual({ done: true, value: undefined })
    expect(await left.next()).toEqual({ done: true, value: undefined })
    expect((await recallOf(chat)).said).toHaveLength(1)
  })

  it('ends at every moment of its beginning, and the next one is answered', async () => {
    const chat = await startedChat({ canClose: true })
    for (let ticks = 0; ticks < 40; ticks += 1) {
      const stop = new AbortController()
      const reply = chunksOf(chat, script({ endless: 'silent' }), inSession('a', { signal: stop.signal }))
      for (let n = 0; n < ticks; n += 1) await new Promise((resolve) => setImmediate(resolve))
      stop.abort()
      await reply
    }
    expect(textOf(await chunksOf(chat, 'Hello', inSession('a')))).toBe('You said: Hello')
  })

  it('ends without an agent that goes on, whose session is given up for a new one that is told all', async () => {
    const clock = createManualClock()
    const { logger, lines } = keepingLogger()
    const journal = join(await newFolder(), 'journal')
    const options = { clock, stopGraceMs: 300, logger }
    const chat = await startedChat({ journal, canLoad: true, canClose: true }, options)
    const stop = new AbortController()
    const reply = replyOf(chat, [{ endless: 'deaf' }], contextOf({ signal: stop.signal }))
    await readUntil(reply, '3')
    stop.abort()
    let hasEnded = false
    const end = reply.next().then(() => (hasEnded = true))
    await clock.advance(299)
    expect(hasEnded).toBe(false)
    await clock.advance(1)
    await end
    expect(clock.timers).toBe(0)
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      'warn the agent did not end a turn that was cancelled; its session gets a new one {}',
    ])
    const history = [said('user', 'before')]
    const chunks = await chunksOf(chat, script({ recall: true }), contextOf({ history }))
    expect(chunks[1]).toMatchObject({ type: 'data', name: 'session.renewed' })
    expect((JSON.parse(textOf(chunks)) as { said: string[] }).said).toHaveLength(2)
    const journaled = (await readFile(journal, 'utf8')).trim().split('\n')
    expect(journaled.map((line) => line.replace(/ .*-/, ' ')).toSorted()).toEqual([
      'cancel 1',
      'close 1',
      'new 1',
      'new 2',
    ])
  })
})

describe('an answer that nobody takes', () => {
  it('is ended when more waits than any turn may have', async () => {
    const journal = join(await newFolder(), 'journal')
    const chat = await startedChat({ journal })
    const reply = replyOf(chat, [{ flood: 40, size: 500_000 }, { endless: 'silent' }], contextOf())
    await reply.next()
    await until(() => readFileSync(journal, 'utf8').includes('cancel'))
    const rest = async () => {
      for (;;) if ((await reply.next()).done === true) return
    }
    await expect(rest()).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('8388608 characters wait') as string,
    })
    expect((await recallOf(chat)).said).toHaveLength(2)
  })
})

describe('a chat interface that is stopped', () => {
  it('leaves no process, also when the agent does not end by itself', async () => {
    const clock = createManualClock()
    const chat = await startedChat({ isDeaf: true }, { clock, stopGraceMs: 100 })
    const { pid } = await recallOf(chat)
    const stopped = Promise.all([chat.stop?.(), chat.stop?.()])
    await clock.advance(99)
    expect(isAlive(pid)).toBe(true)
    await clock.advance(1)
    await stopped
    await until(() => !isAlive(pid))
    await chat.stop?.()
    expect(clock.timers).toBe(0)
  })

  it('ends the turns that still run, and answers no others', async () => {
    const chat = await startedChat()
    const reply = chunksOf(chat, script({ endless: 'silent' }))
    reply.catch(() => {})
    await recallOf(chat, inSession('b'))
    await chat.stop?.()
    await expect(reply).rejects.toThrow(/The agent scripted was ended by SIGTERM/)
    await expect(chunksOf(chat, 'Hello')).rejects.toMatchObject({ code: 'not_ready' })
  })

  it('was never started, or while it starts', async () => {
    await agentChat().stop?.()
    const chat = agentChat({ isMute: true })
    const start = Promise.resolve(chat.start?.())
    start.catch(() => {})
    await chat.stop?.()
    await expect(start).rejects.toMatchObject({ code: 'not_ready' })
  })
})
