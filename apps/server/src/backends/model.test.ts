import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lastUserText, type ModelScript, startModelServer } from '@colloquy/model-server'
import { describe, expect, it, onTestFinished } from 'vitest'
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

/** A folder of the workspace, so that a module in it finds what the package of chat interfaces has beside it. */
function moduleWith(text: string): string {
  const packageFolder = fileURLToPath(new URL('../../../../packages/chat/', import.meta.url))
  const folder = mkdtempSync(join(packageFolder, '.test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'bot.mjs'), text)
  return join(folder, 'bot.mjs')
}

describe('a served model', () => {
  it('streams, is told what it is, and knows what was said', async () => {
    const provider = await startProvider()
    const { client } = await serve([...compatible(provider), '--system', 'You are an echo.'])
    const events = await readAll(client.streamChat('Hello there'))
    expect(textOf(events)).toBe('You said: Hello there')
    const end = endOf(events)
    expect(end.usage).toEqual({ input_tokens: 10, output_tokens: 5 })
    await client.chat({ session_id: end.session_id, message: 'And again' })
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
    await client.chat('Hi')
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
      const stream = client.streamChat({ session_id, message: 'go' })
      const asked = provider.request(n)
      void asked.then((request) => request.letGo(3))
      const turn_id = await turnSpeaking(stream)
      const stoppedAt = performance.now()
      await client.turns.cancel({ session_id, turn_id })
      const { isWhole, atMs } = await (await asked).closed
      expect(isWhole).toBe(false)
      times.push(atMs - stoppedAt)
      const events = await readAll(client.turns.events({ session_id, turn_id }))
      expect(events.at(-1)?.type).toBe('turn.cancelled')
    }
    // One of five: on a busy machine, others may take their time.
    expect(Math.min(...times)).toBeLessThan(100)
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
    expect((await client.chat('Anybody?')).content).toBe('You said: Anybody?')
    expect([first.requests.length, second.requests.length]).toEqual([1, 1])
  })
})

describe('what goes wrong at a provider', () => {
  it.each([
    ['invalid_key', 502, 'upstream_failed'],
    ['unknown_model', 502, 'upstream_failed'],
    ['rate_limited', 503, 'overloaded'],
    ['overloaded', 503, 'overloaded'],
    ['context_too_long', 502, 'upstream_failed'],
    ['server_error', 502, 'upstream_failed'],
    ['gateway_timeout', 504, 'chat_timeout'],
  ] as const)(
    '(%s) is told as %d %s, and neither the key nor what was said is in an answer or in the log',
    async (failure, status, code) => {
      const headers = { 'retry-after': '7' }
      const provider = await startProvider({ failure, headers })
      const key = 'sk-a-key-that-nobody-may-see'
      const flags = [
        ...compatible(provider),
        '--system',
        'An instruction that nobody may see.',
        '--log-level',
        'trace',
      ]
      const { address, child, ended } = await serve(flags, { OPENAI_COMPATIBLE_API_KEY: key })
      const response = await fetch(`${address}/api/v1/chat`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ message: 'A message that nobody may see.' }),
      })
      const text = await response.text()
      expect([response.status, (JSON.parse(text) as { readonly code: string }).code]).toEqual([status, code])
      expect(response.headers.get('retry-after')).toBe(code === 'overloaded' ? '7' : null)
      expect((await provider.request(0)).headers['authorization']).toBe(`Bearer ${key}`)
      child.kill('SIGTERM')
      const { stdout } = await ended
      expect(stdout).toContain('turn failed')
      for (const told of [text, stdout]) expect(told).not.toMatch(/nobody.may.see/)
    },
  )
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
    const found = await client.chat('Show me chairs')
    expect(called(found)).toEqual(['lookup_products'])
    expect(found.content).toContain('The shop says:')
    const { session_id } = found
    const ordered = await client.chat({ session_id, message: 'order it' })
    expect(ordered.functions_called).toMatchObject([
      { name: 'place_order', result: { id: 'ORD-1001', status: 'placed' } },
    ])
    const asked = await client.chat({ session_id, message: 'What did I order?' })
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
