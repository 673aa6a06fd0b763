import type { ChatInterface, Chunk, JsonValue } from '@colloquy/session'
import { describe, expect, test } from 'vitest'
import { converse, placed } from '../test/conversation.js'
import { createAssistant, type Product, products } from './index.js'

/** What a session's state looks like at the beginning. */
function fresh() {
  return {
    version: 1,
    calls: 0,
    orderCount: 0,
    search: null,
    shown: [] as readonly string[],
    focus: null as string | null,
    pending: null as JsonValue,
    orders: [] as readonly JsonValue[],
  }
}

async function collect(reply: AsyncIterable<Chunk>): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of reply) chunks.push(chunk)
  return chunks
}

describe('an assistant', () => {
  test('is a chat interface with a name, functions and health', async () => {
    const assistant: ChatInterface = createAssistant()
    expect(assistant.name).toBe('furniture-shop assistant')
    expect(assistant.functions?.map(({ name }) => name)).toEqual([
      'lookup_products',
      'get_product',
      'place_order',
      'get_order',
      'cancel_order',
    ])
    expect(await assistant.health?.()).toEqual({ catalogue: { status: 'healthy', detail: '90 products' } })
  })

  test('can have another name', () => {
    expect(createAssistant({ name: 'Bike shop' }).name).toBe('Bike shop')
  })

  test('describes the arguments of its functions, which fit what it calls them with', async () => {
    for (const { description, parameters } of createAssistant().functions ?? []) {
      expect(description).not.toBe('')
      expect(parameters).toMatchObject({ type: 'object', additionalProperties: false })
    }
  })
})

describe('a reply', () => {
  test('is streamed word by word', async () => {
    const { chunks, text } = await converse().say('chairs under 150')
    const words = chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : []))
    for (const word of words) expect(word).toMatch(/^\S+\s*$/)
    expect(words.length).toBe(text.split(/\s+/).length)
  })

  test('has a call, its result, the text and one state, in this order', async () => {
    const { chunks } = await converse().say('chairs under 150')
    const types = chunks.map(({ type }) => type).filter((type) => type !== 'text')
    expect(types).toEqual(['functionCall', 'functionResult', 'state'])
    expect(chunks.at(-1)?.type).toBe('state')
  })

  test('never uses a call id twice in a session', async () => {
    const talk = converse()
    const ids: string[] = []
    for (const message of [
      'chairs under 150',
      'compare the first and the second',
      'buy the Hedda',
      'buy the first',
      'yes',
    ]) {
      const { chunks } = await talk.say(message)
      for (const chunk of chunks) if (chunk.type === 'functionCall') ids.push(chunk.callId)
    }
    expect(ids.length).toBe(8)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('stops when the signal is aborted, without a state', async () => {
    const controller = new AbortController()
    const types: string[] = []
    for await (const { type } of createAssistant().reply('chairs under 150', { signal: controller.signal })) {
      types.push(type)
      if (types.length === 5) controller.abort()
    }
    expect(types.length).toBe(5)
    expect(types).not.toContain('state')
  })

  test('is empty when the signal was aborted before', async () => {
    const chunks = await collect(createAssistant().reply('hi', { signal: AbortSignal.abort() }))
    expect(chunks).toEqual([])
  })

  test('needs no context', async () => {
    const chunks = await collect(createAssistant().reply('hi'))
    expect(chunks.at(-1)?.type).toBe('state')
  })
})

describe('two sessions of one assistant', () => {
  test('never mix, also when their replies do', async () => {
    const assistant = createAssistant()
    const [ann, bob] = [converse(assistant), converse(assistant)]
    await Promise.all([ann.say('sofas'), bob.say('lamps')])
    const [forAnn, forBob] = await Promise.all([ann.say('buy the first'), bob.say('buy the first')])
    expect(forAnn.text).toContain('1 × Arild two-seater sofa')
    expect(forBob.text).toContain('1 × Birk floor lamp')
    await ann.say('yes')
    expect((await bob.say('my orders')).text).toContain('You have not ordered anything')
  })

  test('take no stock from each other', async () => {
    const assistant = createAssistant()
    await converse(assistant).sayAll('buy the Jotun', 'yes')
    expect((await converse(assistant).say('buy the Jotun')).text).toContain('1 × Jotun oak bed')
  })
})

describe('a state', () => {
  test('of the same conversation is always the same', async () => {
    const messages = ['chairs under 150', "I'll take two of the second one", 'yes']
    const [first, second] = [converse(), converse()]
    await first.sayAll(...messages)
    await second.sayAll(...messages)
    expect(first.state).toEqual(second.state)
  })

  test.each<readonly [string, JsonValue]>([
    ['null', null],
    ['a text', 'state'],
    ['an array', []],
    ['of another version', { version: 2, shown: ['CH-101'] }],
    ['with missing parts', { version: 1 }],
    [
      'with wrong parts',
      {
        version: 1,
        calls: -1,
        orderCount: 0,
        search: null,
        shown: [],
        focus: null,
        pending: null,
        orders: [],
      },
    ],
    ['with a strange order', { ...fresh(), orders: [{ id: 'ORD-1' }] }],
    [
      'with a strange wish',
      {
        ...fresh(),
        pending: { kind: 'confirmation', productId: 'CH-101', quantity: 1.5, colour: null, total: 1 },
      },
    ],
    ['with too long a list', { ...fresh(), shown: Array.from({ length: 51 }, () => 'CH-101') }],
    ['with something added', { ...fresh(), constructor: 1 }],
  ])('that is not its own counts as none: %s', async (_, state) => {
    expect((await converse(undefined, state).say('the first one')).text).toContain(
      'I have not shown you any product yet.',
    )
  })

  test('survives that a product is no longer sold', async () => {
    const talk = converse(undefined, { ...fresh(), shown: ['GONE-1'], focus: 'GONE-1' })
    expect((await talk.say('how much is the first?')).text).toContain(
      'There is no product GONE-1 in the catalogue.',
    )
    expect((await talk.say('anything cheaper?')).text).not.toBe('')
    const pending = { kind: 'confirmation', productId: 'GONE-1', quantity: 2, colour: null, total: 10 }
    const yes = await converse(undefined, { ...fresh(), pending }).say('yes')
    expect(yes.calls).toMatchObject([
      { name: 'place_order', error: 'There is no product GONE-1 in the catalogue.' },
    ])
  })

  test('never makes anybody pay another price than was agreed', async () => {
    const pending = { kind: 'confirmation', productId: 'CH-101', quantity: 2, colour: null, total: 150 }
    const { text, calls } = await converse(undefined, { ...fresh(), pending }).say('yes')
    expect(text).toContain(
      'The price has changed. 2 × Alva dining chair in natural at 89 EUR each, total 178 EUR.',
    )
    expect(placed(calls)).toEqual([])
  })

  test.each([
    [{ quantity: 30, total: 2670 }, 'Only 24 of Alva dining chair can be ordered.'],
    [{ colour: 'red' }, 'Alva dining chair does not come in red.'],
    [{ productId: 'CH-108', total: 70 }, 'Hedda folding chair is out of stock.'],
  ])('with a wish that cannot be filled is refused by place_order: %j', async (wish, error) => {
    const pending = {
      kind: 'confirmation',
      productId: 'CH-101',
      quantity: 2,
      colour: null,
      total: 178,
      ...wish,
    }
    const { calls, text } = await converse(undefined, { ...fresh(), pending }).say('yes')
    expect(calls).toMatchObject([{ name: 'place_order', error }])
    expect(text).toContain(`I could not place the order. ${error}`)
  })

  test('stays small, however long the conversation is', async () => {
    const talk = converse()
    for (let round = 0; round < 30; round += 1) {
      await talk.sayAll(
        'something cheap',
        'show more',
        'buy one Doris',
        'yes',
        'cancel my last order',
        'show more',
      )
    }
    expect(JSON.stringify(talk.state).length).toBeLessThan(8_000)
  })
})

describe('an own catalogue', () => {
  const bike = (id: string, name: string, price: number, colours: readonly string[]): Product => ({
    id,
    name,
    category: 'Bicycle',
    price,
    colours,
    materials: ['carbon'],
    dimensions: { width: 60, depth: 180, height: 110 },
    stock: 3,
    description: 'It has two wheels.',
  })
  const assistant = createAssistant({
    products: [
      bike('1001', 'Model 3', 999.5, ['red']),
      bike('1002', 'Model 5', 500, []),
      bike('C', 'constructor', 1, []),
    ],
    currency: 'CHF',
  })

  test('is searched and ordered from like the furniture', async () => {
    const talk = converse(assistant)
    expect((await talk.say('bicycles above 400')).text).toContain(
      'Here are 2 Bicycles above 400 CHF:\n1. Model 3: 999.50 CHF, red, only 3 left\n2. Model 5: 500 CHF, only 3 left',
    )
    expect((await talk.say('I want two Model 3')).text).toContain(
      '2 × Model 3 in red at 999.50 CHF each, total 1999 CHF.',
    )
    expect((await talk.say('yes')).text).toContain('Order ORD-1001 is placed')
    expect((await talk.say('buy one 1002')).text).toContain('1 × Model 5, total 500 CHF.')
  })

  test('may be empty', async () => {
    const empty = createAssistant({ products: [] })
    expect(await empty.health?.()).toMatchObject({ catalogue: { status: 'degraded' } })
    expect((await converse(empty).say('what do you sell?')).text).toBe(
      'The catalogue is empty at the moment.',
    )
    expect((await converse(empty).say('chairs under 150')).text).not.toBe('')
  })

  test('does not change when its source does', async () => {
    const source = [...products]
    const assistant = createAssistant({ products: source })
    source.length = 0
    expect((await converse(assistant).say('beds')).text).toContain('beds')
  })
})
