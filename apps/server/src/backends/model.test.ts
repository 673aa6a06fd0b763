import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  lastUserText,
  type ModelBreak,
  type ModelFailureName,
  type ModelScript,
  startModelServer,
} from '@colloquy/model-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failedAnswer } from './failed-answer.fixture.js'
import { moduleWith } from './module-with.fixture.js'
import { called, endOf, readAll, serve, textOf, turnSpeaking } from './served.fixture.js'

async function startProvider(script?: ModelScript, apiKey?: string) {
  const provider = await startModelServer(script, apiKey === undefined ? {} : { apiKey })
  onTestFinished(() => provider.stop())
  return provider
}

const compatible = ({ baseUrl }: { readonly baseUrl: string }) => [
  '--model',
  'openai-compatible/test-model',
  '--model-base-url',
  baseUrl,
]

describe('a served model', () => {
  it('streams, is told what it is, and knows what was said', async () => {
    const provider = await startProvider()
    const { client } = await serve([...compatible(provider), '--system', 'You are an echo.'])
    const events = await readAll(client.stream('Hello there'))
    expect(textOf(events)).toBe('You said: Hello there')
    const end = endOf(events)
    expect(end.usage).toEqual({ input_tokens: 10, output_tokens: 5 })
    await client.send({ session_id: end.session_id, message: 'And again' })
    expect((await provider.request(1)).body.messages).toEqual([
      { role: 'system', content: 'You are an echo.' },
      { role: 'user', content: 'Hello there' },
      { role: 'assistant', content: 'You said: Hello there' },
      { role: 'user', content: 'And again' },
    ])
    const { body } = await provider.request(0)
    expect(body.tools).toBeUndefined()
  })

  it('takes what it is from a file', async () => {
    const provider = await startProvider()
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-system-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'system.md')
    writeFileSync(file, 'You are read from a file.')
    const { client } = await serve([...compatible(provider), '--system-file', file])
    await client.send('Hi')
    expect((await provider.request(0)).body.messages?.[0]).toEqual({
      role: 'system',
      content: 'You are read from a file.',
    })
  })

  it('that is stopped has its request closed within 100 ms', async () => {
    const words = Array.from({ length: 1_000 }, (_, n) => `word${n} `)
    const provider = await startProvider({ text: words, byHand: true })
    const { client } = await serve([...compatible(provider), '--system', 'Say a lot.'])
    const times: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const { session_id } = await client.sessions.create()
      const stream = client.stream({ session_id, message: 'go' })
      const asked = provider.request(n)
      void asked.then((request) => request.letGo(3))
      const turn_id = await turnSpeaking(stream)
      const stoppedAt = performance.now()
      await client.session(session_id).turns.cancel(turn_id)
      const { isWhole, atMs } = await (await asked).closed
      expect(isWhole).toBe(false)
      times.push(atMs - stoppedAt)
      const events = await readAll(client.session(session_id).turns.events(turn_id))
      expect(events.at(-1)?.type).toBe('turn.cancelled')
    }
    // The middle one: on a busy machine, one of them may take its time.
    const [, , median] = times.sort((a, b) => a - b)
    expect(median).toBeLessThan(100)
  })

  it('that fails before it says anything gives way to a second one', async () => {
    const first = await startProvider({ failure: 'overloaded' })
    const second = await startProvider()
    const bot = moduleWith(`
      import { withFallback } from '@colloquy/chat'
      import { fromModel, loadModel } from '@colloquy/chat/ai-sdk'
      const model = async (baseUrl) => fromModel(await loadModel('openai-compatible/test-model', { baseUrl }))
      export const createChat = async () => withFallback(await model('${first.baseUrl}'), await model('${second.baseUrl}'))
    `)
    const { client } = await serve([bot])
    expect((await client.send('Anybody?')).content).toBe('You said: Anybody?')
    expect([first.requests.length, second.requests.length]).toEqual([1, 1])
  })
})

const key = 'sk-a-key-that-nobody-may-see'
const failing = (flags: readonly string[]) =>
  failedAnswer(
    [...flags, '--system', 'An instruction that nobody may see.', '--first-chunk-timeout', '0.3'],
    {
      OPENAI_COMPATIBLE_API_KEY: key,
    },
  )
/** The base URL of a provider that has gone. */
async function closedPort(): Promise<string> {
  const provider = await startModelServer()
  await provider.stop()
  return provider.baseUrl
}

/** The base URL of a provider that is said to speak TLS, and does not. */
async function plainPort(): Promise<string> {
  const { baseUrl } = await startProvider()
  return baseUrl.replace('http:', 'https:')
}

const refusal = (failure: ModelFailureName): ModelScript => ({ failure, headers: { 'retry-after': '7' } })
const breaking = (breaks: ModelBreak): ModelScript => ({ text: ['So far'], breaks })

describe('what goes wrong at a provider', () => {
  it.each<[what: string, script: ModelScript, status: number, code: string, says: RegExp]>([
    ['401', refusal('invalid_key'), 502, 'upstream_failed', /does not accept the credentials/],
    ['403', refusal('forbidden'), 502, 'upstream_failed', /does not accept the credentials/],
    ['unknown model', refusal('unknown_model'), 502, 'upstream_failed', /does not know it/],
    ['rate limit', refusal('rate_limited'), 503, 'overloaded', /wants fewer requests/],
    ['empty account', refusal('out_of_quota'), 502, 'upstream_failed', /has no quota left/],
    ['overloaded', refusal('overloaded'), 503, 'overloaded', /is overloaded at its provider/],
    [
      'context',
      refusal('context_too_long'),
      502,
      'upstream_failed',
      /is longer than the context of the model/,
    ],
    ['filtered', refusal('content_filtered'), 502, 'upstream_failed', /content filter/],
    ['400', refusal('invalid_request'), 502, 'upstream_failed', /does not accept the request/],
    ['500', refusal('server_error'), 502, 'upstream_failed', /failed at its provider/],
    ['504', refusal('gateway_timeout'), 504, 'chat_timeout', /took too long to answer/],
    [
      'error in mid-answer',
      breaking({ error: { message: 'x' } }),
      502,
      'upstream_failed',
      /failed in mid-answer/,
    ],
    [
      'error as a reason',
      { finishReason: 'error' },
      502,
      'upstream_failed',
      /ended its answer before it was whole/,
    ],
    ['malformed stream', breaking('malformed'), 502, 'upstream_failed', /sent what is no answer/],
    ['another shape', breaking('wrong_shape'), 502, 'upstream_failed', /sent what is no answer/],
    ['early end', breaking('early_end'), 502, 'upstream_failed', /sent what is no answer/],
    ['reset in mid-answer', breaking('reset'), 502, 'upstream_failed', /broke off/],
    ['cut in mid-answer', breaking('cut'), 502, 'upstream_failed', /broke off/],
    ['silence', 'silence', 504, 'chat_timeout', /yielded no chunk within 300 ms/],
  ])(
    '(%s) is told as it is in the table, and neither the key nor what was said is in an answer or in the log',
    async (_, script, status, code, says) => {
      const provider = await startProvider(script)
      const failed = await failing(compatible(provider))
      expect([failed.status, failed.code]).toEqual([status, code])
      expect(failed.retryAfter).toBe(code === 'overloaded' ? '7' : null)
      expect(failed.logged).toMatch(says)
      expect((await provider.request(0)).headers['authorization']).toBe(`Bearer ${key}`)
      for (const told of [failed.text, failed.output]) expect(told).not.toMatch(/nobody.may.see/)
    },
  )

  it.each([
    // RFC 6761, section 6.4: no name in .invalid exists.
    ['a host that is not found', async () => 'http://no-such-host.invalid/v1', /its host is not found/],
    ['a port where nobody listens', closedPort, /can not be reached\. Check the base URL/],
    ['no TLS there', plainPort, /no secure connection to its host can be made/],
    ['a port that fetch blocks', async () => 'http://127.0.0.1:25/v1', /its port is one that fetch blocks/],
  ])('(%s) is told as it is in the table', async (_, baseUrl, says) => {
    const failed = await failing(compatible({ baseUrl: await baseUrl() }))
    expect([failed.status, failed.code]).toEqual([502, 'upstream_failed'])
    expect(failed.logged).toMatch(says)
    for (const told of [failed.text, failed.output]) expect(told).not.toMatch(/nobody.may.see/)
  })

  it('has no client wait for more than a day', async () => {
    const provider = await startProvider({
      failure: 'rate_limited',
      headers: { 'retry-after': '99999999999' },
    })
    expect((await failing(compatible(provider))).retryAfter).toBe('86400')
  })
})

describe('the assistant with a model', () => {
  it('gives it its functions, and keeps what they change', async () => {
    const provider = await startProvider((request) => {
      const { messages = [] } = request.body
      const last = messages.at(-1)
      if (last?.role === 'tool') return { text: `The shop says: ${String(last.content)}` }
      const said = lastUserText(request)
      if (said.includes('chairs'))
        return { calls: [{ name: 'lookup_products', arguments: { query: 'chair', limit: 1 } }] }
      const [, productId = ''] =
        /"products":\[\{"id":"([^"]+)"/.exec(JSON.stringify(messages).replaceAll('\\', '')) ?? []
      if (said.includes('order it'))
        return { calls: [{ name: 'place_order', arguments: { productId, quantity: 1, confirmed: true } }] }
      return { calls: [{ name: 'get_order', arguments: { orderId: 'ORD-1001' } }] }
    })
    const { client } = await serve(compatible(provider))
    const { chat } = await client.status()
    expect(chat.available_functions.map(({ name }) => name)).toEqual([
      'lookup_products',
      'get_product',
      'place_order',
      'get_order',
      'cancel_order',
    ])
    const found = await client.send('Show me chairs')
    expect(called(found)).toEqual(['lookup_products'])
    expect(found.content).toContain('The shop says:')
    const { session_id } = found
    const ordered = await client.send({ session_id, message: 'order it' })
    expect(ordered.functions_called).toMatchObject([
      { name: 'place_order', result: { id: 'ORD-1001', status: 'placed' } },
    ])
    const asked = await client.send({ session_id, message: 'What did I order?' })
    expect(asked.functions_called).toMatchObject([
      { name: 'get_order', result: { orders: [{ id: 'ORD-1001' }] } },
    ])
    const { body } = await provider.request(0)
    expect(body.messages?.[0]).toMatchObject({
      role: 'system',
      content: expect.stringContaining('furniture'),
    })
    expect(body.tools?.map((tool) => tool.function.name)).toContain('place_order')
  })
})
