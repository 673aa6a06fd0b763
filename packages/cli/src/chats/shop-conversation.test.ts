import { createAssistant } from '@colloquy/assistant'
import * as sdk from '@colloquy/chat/ai-sdk'
import { type ChatInterface, createSessionManager, type FunctionCall } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { MockLanguageModelV4, simulateReadableStream } from 'ai/test'
import { describe, expect, it, onTestFinished } from 'vitest'
import { shopOf } from './model-chats.js'

type Prompt = MockLanguageModelV4['doStreamCalls'][number]['prompt']
type StreamPart =
  Awaited<ReturnType<MockLanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer Part>
    ? Part
    : never

/** What the model does, by what the customer has said last: a function that it calls, with these arguments. */
const script: readonly (readonly [said: RegExp, name: string, argsOf: (prompt: Prompt) => object])[] = [
  [/^Show me chairs/, 'lookup_products', () => ({ query: 'chairs', maxPrice: 150, limit: 5 })],
  [/^I'll take the first/, 'place_order', (prompt) => ({ productId: firstProduct(prompt), quantity: 1 })],
  [/^yes$/, 'place_order', (prompt) => ({ productId: firstProduct(prompt), quantity: 1, confirmed: true })],
  [/^What did I order/, 'get_order', () => ({})],
  [/^Cancel/, 'cancel_order', () => ({ orderId: 'ORD-1001' })],
]

/** A model that calls what the script says, and then tells what came of it. */
function scriptedModel() {
  let calls = 0
  return new MockLanguageModelV4({
    doStream: async ({ prompt }) => {
      const last = prompt.at(-1)
      if (last?.role === 'tool')
        return streamOf(textParts(`The shop says: ${JSON.stringify(last.content)}`), 'stop')
      const [, name = '', argsOf = () => ({})] = script.find(([said]) => said.test(textIn(last))) ?? []
      calls += 1
      const input = JSON.stringify(argsOf(prompt))
      return streamOf(
        [{ type: 'tool-call', toolCallId: `call-${calls}`, toolName: name, input }],
        'tool-calls',
      )
    },
  })
}

function textIn(message: Prompt[number] | undefined): string {
  const content = message?.content
  if (!Array.isArray(content)) return ''
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
}

function firstProduct(prompt: Prompt): string {
  return /"products":\[\{"id":"([^"]+)"/.exec(JSON.stringify(prompt))?.[1] ?? ''
}

function textParts(delta: string): StreamPart[] {
  return [
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta },
    { type: 'text-end', id: '1' },
  ]
}

function streamOf(parts: readonly StreamPart[], unified: 'stop' | 'tool-calls') {
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  }
  const finish: StreamPart = { type: 'finish', usage, finishReason: { unified, raw: unified } }
  return {
    stream: simulateReadableStream({
      chunks: [...parts, finish],
      initialDelayInMs: null,
      chunkDelayInMs: null,
    }),
  }
}

/** Says something in one session after the other message, and tells which functions were called. */
function converse(chat: ChatInterface) {
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  onTestFinished(() => manager.close())
  let sessionId: string | undefined
  return async (message: string): Promise<readonly FunctionCall[]> => {
    const turn = await manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
    sessionId = turn.sessionId
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: expect.stringMatching(/\w/) })
    const { functionsCalled } = await manager.turn(turn)
    return functionsCalled
  }
}

const names = (calls: readonly FunctionCall[]) => calls.map(({ name }) => name)

describe.each<[string, () => ChatInterface]>([
  ['offline', () => createAssistant()],
  ['with a model', () => shopOf(scriptedModel(), sdk, {})],
])('the product assistant, %s,', (_how, createChat) => {
  it('finds products, proposes an order, places it when that is confirmed, shows it and cancels it', async () => {
    const say = converse(createChat())
    const found = await say('Show me chairs under 150')
    expect(names(found)).toEqual(['lookup_products'])
    const [lookup] = found
    if (lookup === undefined) throw new Error('Nothing was looked up.')
    const { products } = lookup.result as { readonly products: readonly { readonly id: string }[] }
    expect(products.length).toBeGreaterThan(1)

    const proposed = await say("I'll take the first one")
    expect(proposed.at(-1)).toMatchObject({
      name: 'place_order',
      arguments: { productId: products[0]?.id, quantity: 1 },
      result: { status: 'awaiting_confirmation' },
    })
    const placed = await say('yes')
    expect(placed.at(-1)).toMatchObject({
      name: 'place_order',
      arguments: { confirmed: true },
      result: { id: 'ORD-1001', status: 'placed', productId: products[0]?.id },
    })
    const shown = await say('What did I order?')
    expect(shown.at(-1)).toMatchObject({ name: 'get_order', result: { orders: [{ id: 'ORD-1001' }] } })
    const cancelled = await say('Cancel ORD-1001')
    expect(cancelled.at(-1)).toMatchObject({
      name: 'cancel_order',
      result: { id: 'ORD-1001', status: 'cancelled' },
    })
  })

  it('has the same functions', () => {
    expect(createChat().functions).toEqual(createAssistant().functions)
  })
})
