import type { Chunk } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { chunksOf, contextOf, failureOf, modelOf, textOf } from './ask.fixture.js'
import { fromModel } from './index.js'
import { manage } from './run-turn.fixture.js'
import { modelServers } from './start-server.fixture.js'

const start = modelServers()

/** A clock that stands still. */
const clock = { now: () => 0 }

interface Reasoning {
  readonly text: string
  readonly is_cut?: boolean
}

const reasoningOf = (chunks: readonly Chunk[]): Reasoning[] =>
  chunks.flatMap((chunk) =>
    chunk.type === 'data' && chunk.name === 'reasoning' ? [chunk.data as unknown as Reasoning] : [],
  )
const textsOf = (chunks: readonly Chunk[]) =>
  chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : []))
const joined = (reasoning: readonly Reasoning[]) => reasoning.map(({ text }) => text).join('')
const pieces = (count: number, text = 'ab ') => Array.from({ length: count }, () => text)

describe('reasoning', () => {
  it('comes at once, and then in chunks of about a thousand characters', async () => {
    const server = await start({ reasoning: pieces(1_000), text: 'Done', usage: null })
    const chunks = await chunksOf(fromModel(modelOf(server), { clock }))
    const reasoning = reasoningOf(chunks)
    expect(joined(reasoning)).toBe('ab '.repeat(1_000))
    expect(reasoning.map(({ text }) => text.length)).toEqual([3, 1_002, 1_002, 993])
    expect(chunks.slice(-2)).toEqual([
      { type: 'text', text: 'Done' },
      { type: 'finish', reason: 'stop' },
    ])
  })

  it('comes when a second is over, however little it is', async () => {
    let now = 0
    const server = await start({ reasoning: ['a', 'b', 'c', 'd'], byHand: true })
    const chat = fromModel(modelOf(server), { clock: { now: () => now } })
    const reply = chat.reply('x', contextOf())[Symbol.asyncIterator]()
    const first = reply.next()
    const request = await server.request(0)
    request.letGo()
    expect((await first).value).toMatchObject({ data: { text: 'a' } })
    const second = reply.next()
    request.letGo()
    await request.sent(2)
    await new Promise(setImmediate)
    now = 1_000
    request.letGo()
    expect((await second).value).toMatchObject({ name: 'reasoning' })
    await reply.return?.()
  })

  it('of 25,000 pieces does not fail a turn', async () => {
    const server = await start({ reasoning: pieces(25_000), text: 'Done' })
    const { manager, say } = manage(fromModel(modelOf(server)))
    expect((await say('x')).at(-1)).toMatchObject({ type: 'turn.completed', content: 'Done' })
    await manager.close()
  })

  it('of one large piece is split, never within a character', async () => {
    const text = `x${'🙂'.repeat(20_000)}`
    const server = await start({ reasoning: text, text: 'Done' })
    const reasoning = reasoningOf(await chunksOf(fromModel(modelOf(server))))
    expect(joined(reasoning)).toBe(text)
    for (const { text } of reasoning) {
      expect(text.length).toBeLessThanOrEqual(16_384)
      expect(text.isWellFormed()).toBe(true)
    }
  })

  it.each([
    ['in large pieces', pieces(40, '🙂'.repeat(5_000))],
    ['in one piece', '🙂'.repeat(200_000)],
    ['in pieces that meet the limit', pieces(300, '🙂'.repeat(512))],
    ['in pieces of an odd length', pieces(300, `${'🙂'.repeat(500)}x`)],
  ])('of more than 262,144 characters is cut, and says so once: %s', async (_, given) => {
    const all = typeof given === 'string' ? given : given.join('')
    const server = await start({ reasoning: given, text: 'Done' })
    const { manager, say } = manage(fromModel(modelOf(server)))
    const events = await say('x')
    const reasoning = events.flatMap((event) =>
      event.type === 'data' ? [event.data as unknown as Reasoning] : [],
    )
    const told = joined(reasoning)
    expect(all.startsWith(told)).toBe(true)
    expect(told.isWellFormed()).toBe(true)
    expect([262_143, 262_144]).toContain(told.length)
    expect(reasoning.map(({ is_cut }) => is_cut === true).indexOf(true)).toBe(reasoning.length - 1)
    expect(events.at(-1)).toMatchObject({ type: 'turn.completed', content: 'Done' })
    await manager.close()
  })

  it('of just as much as fits is not cut', async () => {
    const server = await start({ reasoning: 'x'.repeat(262_144), text: 'Done' })
    const reasoning = reasoningOf(await chunksOf(fromModel(modelOf(server))))
    expect(joined(reasoning)).toHaveLength(262_144)
    expect(reasoning.some(({ is_cut }) => is_cut === true)).toBe(false)
  })

  it('is not held back when the answer fails', async () => {
    const server = await start({ reasoning: ['a', 'b', 'c'], breaks: { error: { message: 'x' } } })
    const { chunks } = await failureOf(fromModel(modelOf(server), { clock }))
    expect(joined(reasoningOf(chunks))).toBe('abc')
  })

  it('is told before a call that comes behind it', async () => {
    const server = await start([{ reasoning: ['a', 'b'], calls: [{ name: 'f' }] }, { text: 'ok' }])
    const chunks = await chunksOf(fromModel(modelOf(server), { clock }))
    expect(chunks.slice(0, 3)).toMatchObject([
      { data: { text: 'a' } },
      { data: { text: 'b' } },
      { type: 'functionCall' },
    ])
  })
})

describe('text', () => {
  it('comes as the model says it for 2,000 pieces, and then joined to 64 characters', async () => {
    const server = await start({ text: pieces(2_100) })
    const texts = textsOf(await chunksOf(fromModel(modelOf(server), { clock })))
    expect(texts.slice(0, 2_000)).toEqual(pieces(2_000))
    expect(texts.slice(2_000).map((text) => text.length)).toEqual([66, 66, 66, 66, 36])
  })

  it('of 25,000 pieces does not fail a turn', async () => {
    const server = await start({ text: pieces(25_000) })
    const { manager, say } = manage(fromModel(modelOf(server)))
    expect((await say('x')).at(-1)).toMatchObject({
      type: 'turn.completed',
      content: 'ab '.repeat(25_000),
    })
    await manager.close()
  })

  it('is not held back when the answer fails', async () => {
    const server = await start({ text: pieces(2_010), breaks: { error: { message: 'x' } } })
    const { chunks } = await failureOf(fromModel(modelOf(server), { clock }))
    expect(textOf(chunks)).toBe('ab '.repeat(2_010))
  })
})

describe('halves of surrogate pairs', () => {
  it.each([
    ['that come apart are joined', ['a\ud83d', '\ude42b'], ['a', '🙂b']],
    ['that come alone, each', ['\ud83d', '\ude42'], ['🙂']],
    ['at the end', ['a', 'b\ud83d'], ['a', 'b', '\ufffd']],
    ['with nothing else', ['\ud83d'], ['\ufffd']],
    ['whose other half is another first one', ['a\ud83d', '\ud83d\ude42'], ['a', '\ufffd🙂']],
    ['in the middle', ['a\ud83db', 'c\ude42d'], ['a\ufffdb', 'c\ufffdd']],
    ['and whole ones', ['🙂', '🙂🙂'], ['🙂', '🙂🙂']],
  ])('%s', async (_, text, texts) => {
    const server = await start({ text })
    const { manager, say } = manage(fromModel(modelOf(server)))
    const events = await say('x')
    expect(events.flatMap((event) => (event.type === 'text.delta' ? [event.text] : []))).toEqual(texts)
    expect(events.at(-1)).toMatchObject({ type: 'turn.completed', content: texts.join('') })
    await manager.close()
  })

  it('in reasoning are joined, or replaced', async () => {
    const server = await start({ reasoning: ['a\ud83d', '\ude42b', '\ud83d'], text: '\ude42' })
    const chunks = await chunksOf(fromModel(modelOf(server), { clock }))
    expect(joined(reasoningOf(chunks))).toBe('a🙂b\ufffd')
    expect(textOf(chunks)).toBe('\ufffd')
  })

  it('that are held back come before the answer fails', async () => {
    const server = await start({ text: ['a\ud83d'], breaks: { error: { message: 'x' } } })
    expect(textOf((await failureOf(fromModel(modelOf(server)))).chunks)).toBe('a\ufffd')
  })
})
