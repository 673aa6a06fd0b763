import { createOpenAI } from '@ai-sdk/openai'
import { ChatError } from '@colloquy/session'
import { type LanguageModel, tool } from 'ai'
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { chunksOf, failureOf, secretKey } from './ask.fixture.js'
import { fromModel } from './index.js'
import { described } from './run-turn.fixture.js'

type MockOptions = NonNullable<ConstructorParameters<typeof MockLanguageModelV4>[0]>
type StreamResult = Awaited<ReturnType<MockLanguageModelV4['doStream']>>
type Part = StreamResult['stream'] extends ReadableStream<infer Part> ? Part : never

const usage = {
  inputTokens: { total: 3, noCache: 3, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 4, text: 4, reasoning: undefined },
}
const finish = (unified: 'stop' | 'error' | 'other' | 'tool-calls' = 'stop'): Part => ({
  type: 'finish',
  finishReason: { unified, raw: undefined },
  usage,
})

/** A model that says parts which no chat completions server can send. */
function modelThatSays(...steps: readonly (readonly Part[])[]): Exclude<LanguageModel, string> {
  let step = 0
  const doStream: MockOptions['doStream'] = async () => {
    const chunks = [...(steps[step] ?? [])]
    step += 1
    return { stream: simulateReadableStream({ chunks, initialDelayInMs: null, chunkDelayInMs: null }) }
  }
  return new MockLanguageModelV4({ doStream })
}

const ended = [
  { type: 'usage', inputTokens: 3, outputTokens: 4 },
  { type: 'finish', reason: 'stop' },
]

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('what a model says beside text', () => {
  it('has sources, as data', async () => {
    const model = modelThatSays([
      { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org/', title: 'Example' },
      { type: 'source', sourceType: 'url', id: 's2', url: 'https://example.org/2' },
      {
        type: 'source',
        sourceType: 'document',
        id: 's3',
        mediaType: 'application/pdf',
        title: 'Paper',
        filename: 'paper.pdf',
      },
      finish(),
    ])
    expect(await chunksOf(fromModel(model))).toEqual([
      {
        type: 'data',
        name: 'source',
        data: { kind: 'url', id: 's1', url: 'https://example.org/', title: 'Example' },
      },
      { type: 'data', name: 'source', data: { kind: 'url', id: 's2', url: 'https://example.org/2' } },
      {
        type: 'data',
        name: 'source',
        data: {
          kind: 'document',
          id: 's3',
          title: 'Paper',
          media_type: 'application/pdf',
          filename: 'paper.pdf',
        },
      },
      ...ended,
    ])
  })

  it('has files, of which there is the type and the size', async () => {
    const data = { type: 'data', data: new Uint8Array(1_000_000) } as const
    const model = modelThatSays([{ type: 'file', mediaType: 'image/png', data }, finish()])
    expect(await chunksOf(fromModel(model))).toEqual([
      { type: 'data', name: 'file', data: { media_type: 'image/png', size_bytes: 1_000_000 } },
      ...ended,
    ])
  })

  it('has calls that the provider runs itself, with their results', async () => {
    const model = modelThatSays([
      {
        type: 'tool-call',
        toolCallId: 'p1',
        toolName: 'web_search',
        input: '{"query":"x"}',
        providerExecuted: true,
        dynamic: true,
      },
      { type: 'tool-result', toolCallId: 'p1', toolName: 'web_search', result: { hits: 2 }, dynamic: true },
      finish(),
    ])
    expect(await chunksOf(fromModel(model))).toEqual([
      { type: 'functionCall', callId: 'p1', name: 'web_search', arguments: { query: 'x' } },
      { type: 'functionResult', callId: 'p1', name: 'web_search', result: { hits: 2 } },
      ...ended,
    ])
  })

  it('has results of calls only once, and preliminary ones not at all', async () => {
    const counts = tool({
      inputSchema: z.object({}),
      async *execute() {
        yield { n: 1 }
        yield { n: 2 }
      },
    })
    const model = modelThatSays(
      [{ type: 'tool-call', toolCallId: 'c1', toolName: 'counts', input: '{}' }, finish('tool-calls')],
      [finish()],
    )
    const chunks = await chunksOf(fromModel(model, { tools: { counts } }))
    expect(chunks.filter(({ type }) => type === 'functionResult')).toEqual([
      { type: 'functionResult', callId: 'c1', name: 'counts', result: { n: 2 } },
    ])
  })

  it('has nothing of what is unknown or empty', async () => {
    const model = modelThatSays([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: '' },
      { type: 'text-end', id: 't' },
      { type: 'raw', rawValue: {} },
      { type: 'custom', kind: 'some.thing' },
      { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
      finish(),
    ])
    expect(await chunksOf(fromModel(model))).toEqual(ended)
  })
})

describe('a model of somebody', () => {
  it('fails when it ends with an error for a reason', async () => {
    const model = modelThatSays([
      { type: 'text-start', id: 't' },
      { type: 'text-delta', id: 't', delta: 'So far' },
      { type: 'text-end', id: 't' },
      finish('error'),
    ])
    const { chunks, error } = await failureOf(fromModel(model))
    expect(chunks).toContainEqual({ type: 'text', text: 'So far' })
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringMatching(/^The model mock-model-id .*"error"/),
    })
  })

  it.each([
    [
      { message: secretKey, type: 'overloaded_error', statusCode: 529, data: { key: secretKey } },
      'rate_limited',
    ],
    [{ type: 'error', error: { type: 'rate_limit_error', message: secretKey } }, 'rate_limited'],
    [{ message: secretKey, code: 'server_error' }, 'upstream_failed'],
    [`No way with ${secretKey}`, 'upstream_failed'],
    [null, 'upstream_failed'],
  ])('fails with the error that its provider sends in mid-answer, as an object: %#', async (sent, code) => {
    const { error } = await failureOf(
      fromModel(modelThatSays([{ type: 'error', error: sent }, finish('error')])),
    )
    expect(error).toMatchObject({ code })
    expect(described(error)).not.toContain(secretKey)
  })

  it('is refused when its provider was given no key', async () => {
    vi.stubEnv('OPENAI_API_KEY', undefined)
    const { error } = await failureOf(fromModel(createOpenAI().chat('gpt-x')))
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining('Check the API key') })
  })

  it('may throw a ChatError of its own', async () => {
    const own = new ChatError('not_ready', 'The model is being loaded.')
    const model = new MockLanguageModelV4({
      doStream: async () => {
        throw own
      },
    })
    expect((await failureOf(fromModel(model))).error).toBe(own)
  })

  it.each([
    ['an error', () => new Error(`No way with ${secretKey}`)],
    ['a text', () => `No way with ${secretKey}`],
    [
      'an error with odd fields',
      () => Object.assign(new Error(secretKey), { name: secretKey, code: secretKey }),
    ],
    [
      'an error with causes',
      () => new Error('outer', { cause: new Error(secretKey, { cause: { prompt: secretKey } }) }),
    ],
    ['an error without a stack', () => Object.assign(new Error(secretKey), { stack: undefined })],
    ['an error whose message looks like a stack', () => new Error(`x\n    at ${secretKey}`)],
    ['an error whose message is not in its stack', () => Object.assign(new Error('x'), { stack: secretKey })],
    ['a cycle of causes', () => cycle()],
  ])('that throws %s fails without its words', async (_, make) => {
    const model = new MockLanguageModelV4({
      doStream: async () => {
        throw make()
      },
    })
    const { error } = await failureOf(fromModel(model, { name: 'Bot' }))
    expect(error).toBeInstanceOf(Error)
    expect((error as Error).message).toMatch(/^The model mock-model-id failed/)
    expect(described(error)).not.toContain(secretKey)
  })

  it('that throws says where, in the cause', async () => {
    const model = new MockLanguageModelV4({
      doStream: async function failingHere() {
        throw new TypeError('with words')
      },
    })
    const { error } = await failureOf(fromModel(model))
    const { stack } = (error as Error).cause as Error
    expect(stack).toMatch(/^TypeError\n {4}at .*failingHere/)
    expect(stack).not.toContain('with words')
  })
})

function cycle(): Error {
  const error = new Error(secretKey)
  error.cause = error
  return error
}
