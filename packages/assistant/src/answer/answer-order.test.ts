import { describe, expect, test } from 'vitest'
import { converse, names, placed } from '../../test/conversation.js'

describe('an order', () => {
  test('of two of the second one is checked, confirmed and placed', async () => {
    const talk = converse()
    await talk.say('Show me chairs under 150')
    const proposal = await talk.say("I'll take two of the second one")
    expect(proposal.calls).toMatchObject([
      {
        name: 'get_product',
        arguments: { productId: 'CH-102' },
        result: { name: 'Bruno spindle chair', stock: 15 },
      },
      {
        name: 'place_order',
        arguments: { productId: 'CH-102', quantity: 2, colour: 'black' },
        result: { status: 'awaiting_confirmation', total: 238 },
      },
    ])
    expect(proposal.text).toBe(
      '2 × Bruno spindle chair in black at 119 EUR each, total 238 EUR. It also comes in white and green. ' +
        'Shall I place the order? (yes / no)',
    )
    const placed = await talk.say('yes')
    expect(placed.calls).toMatchObject([
      {
        name: 'place_order',
        arguments: { productId: 'CH-102', quantity: 2, confirmed: true },
        result: { id: 'ORD-1001', total: 238, status: 'placed' },
      },
    ])
    expect(placed.text).toContain(
      'Order ORD-1001 is placed: 2 × Bruno spindle chair in black, total 238 EUR.',
    )
  })

  test.each([
    ["I'll take two of the first", '2 × Alva dining chair'],
    ["I'll take 2 of the 1st one please", '2 × Alva dining chair'],
    ['three of number 2', '3 × Bruno spindle chair'],
    ['2 x #3', '2 × Clara velvet chair'],
    ['I want a couple of the last one', '2 × Fabian cantilever chair'],
    ['a dozen of the fourth, please', '12 × Doris stacking chair'],
    ['half a dozen of the fourth', '6 × Doris stacking chair'],
    ['give me twenty-five of the fourth', '25 × Doris stacking chair'],
    ['buy the third one', '1 × Clara velvet chair'],
    ["I'll have one of the second", '1 × Bruno spindle chair'],
    ['can I have 2 of 3', '2 × Clara velvet chair'],
    ['I’d like two of the second', '2 × Bruno spindle chair'],
    ["I'll take the pink one", '1 × Clara velvet chair in pink'],
    ['buy two Doris in red', '2 × Doris stacking chair in red'],
    ['order 4 of CH-101', '4 × Alva dining chair'],
    ['add the Alva dining chair to my cart', '1 × Alva dining chair'],
  ])('is understood: %s', async (message, items) => {
    const { text, calls } = await converse().sayAll('chairs under 150', message)
    expect(text).toContain(items)
    expect(text).toContain('Shall I place the order?')
    expect(names(calls)).toEqual(['get_product', 'place_order'])
    expect(placed(calls)).toEqual([])
  })

  test('can describe a product that was not shown', async () => {
    expect((await converse().say('buy the oak desk')).text).toContain(
      '1 × Astrid oak desk in natural, total 349 EUR.',
    )
  })

  test('asks which one when several fit', async () => {
    const talk = converse()
    const question = await talk.say('buy two beds under 400')
    expect(question.text).toContain('Several products fit. Which one shall it be?\n1. Falun bed frame')
    expect((await talk.say('the second')).text).toContain('2 × Inga single bed')
  })

  test('asks which one, and the cheapest one is an answer', async () => {
    const { text } = await converse().sayAll('order two chairs', 'the cheapest one')
    expect(text).toContain('2 × Doris stacking chair')
  })

  test('holds one product', async () => {
    const talk = converse()
    const { text } = await talk.sayAll('chairs under 150', 'buy the first and the third')
    expect(text).toContain(
      'An order holds one product at a time. Which one shall it be?\n1. Alva dining chair',
    )
    expect((await talk.say('2')).text).toContain('1 × Clara velvet chair')
  })

  test('takes the colour that was searched for', async () => {
    const { text } = await converse().sayAll('something to sit on in blue', "I'll take the second")
    expect(text).toContain('1 × Ines upholstered chair in blue')
  })

  test('keeps the number that was looked for', async () => {
    const { text } = await converse().sayAll('I need 4 chairs for my kitchen', 'the second one')
    expect(text).toContain('4 × Doris stacking chair')
  })

  test('asks what to order when nothing was said', async () => {
    const { text } = await converse().say('I want to place an order')
    expect(text).toContain('What would you like to order?')
  })

  test('asks which one when a list was shown', async () => {
    const talk = converse()
    expect((await talk.sayAll('chairs under 150', "I'll take three")).text).toContain(
      'Which one do you mean?',
    )
    expect((await talk.say('the second')).text).toContain('3 × Bruno spindle chair')
  })
})

describe('before the yes', () => {
  const proposal = ['chairs under 150', "I'll take two of the first"] as const

  test.each([
    'yes',
    'YES!!!',
    'yes please',
    'ok',
    'sure, go ahead',
    'confirm',
    '👍',
    'place the order',
    "I'll take it",
    'buy it',
  ])('%s places the order', async (message) => {
    const { calls } = await converse().sayAll(...proposal, message)
    expect(calls).toMatchObject([{ name: 'place_order', arguments: { productId: 'CH-101', quantity: 2 } }])
  })

  test.each([
    'no',
    'no thanks',
    'nope',
    'never mind',
    "I don't want it",
    'cancel',
    'not now',
    'actually no',
    'no, I just wanted to know the price',
    'remove it from my cart',
    "don't order it",
    '👎',
  ])('%s drops it', async (message) => {
    const talk = converse()
    const { text, calls } = await talk.sayAll(...proposal, message)
    expect(text).toContain('All right, I have not ordered it.')
    expect(calls).toEqual([])
    expect((await talk.say('yes')).calls).toEqual([])
  })

  test.each([
    ['make it three', '3 × Alva dining chair in natural at 89 EUR each, total 267 EUR'],
    ['no, five', '5 × Alva'],
    ['just one', '1 × Alva'],
    ['one more', '3 × Alva'],
    ['4 please', '4 × Alva'],
    ['yes, but make it 6', '6 × Alva'],
    ['in black please', '2 × Alva dining chair in black'],
    ['yes, but in black', '2 × Alva dining chair in black'],
    ['in red', 'Alva dining chair does not come in red. 2 × Alva dining chair in natural'],
    ['the third one instead', 'Instead of 2 × Alva dining chair in natural:\n2 × Clara velvet chair'],
    ['add one Edison lamp', 'Instead of 2 × Alva dining chair in natural:\n1 × Edison desk lamp'],
  ])('it can be changed: %s', async (message, answer) => {
    const { text, calls } = await converse().sayAll(...proposal, message)
    expect(text).toContain(answer)
    expect(text).toContain('Shall I place the order?')
    expect(placed(calls)).toEqual([])
  })

  test.each([
    'is it in stock?',
    'what is it made of',
    'hello?',
    'thanks',
    'hmm, not sure',
    'do you deliver?',
    'my orders',
  ])('%s leaves it open', async (message) => {
    const talk = converse()
    const { text } = await talk.sayAll(...proposal, message)
    expect(text).toContain(
      'Still open: 2 × Alva dining chair in natural, total 178 EUR. Shall I place the order?',
    )
    expect(names((await talk.say('yes')).calls)).toEqual(['place_order'])
  })

  test.each(['show me beds', 'anything cheaper?', 'show more', 'bye'])(
    '%s gives it up, and says so',
    async (message) => {
      const talk = converse()
      const { text } = await talk.sayAll(...proposal, message)
      expect(text).toContain('I have not ordered the 2 × Alva dining chair in natural.')
      expect(names((await talk.say('yes')).calls)).toEqual([])
    },
  )

  test.each([
    'should I buy it?',
    'can you place the order?',
    'what happens if I place the order?',
    'can I buy it?',
    "I'll take both",
    'yes if it is red',
    'ok but first tell me more',
    'great question',
    'yes or no?',
  ])('%s is no yes', async (message) => {
    const { calls } = await converse().sayAll(...proposal, message)
    expect(placed(calls)).toEqual([])
  })

  test('a question about another product does not change what is ordered', async () => {
    const talk = converse()
    await talk.sayAll(...proposal, 'how much is the third?')
    expect((await talk.say('yes')).calls).toMatchObject([{ arguments: { productId: 'CH-101' } }])
  })

  test('"it" is the product that was asked about last', async () => {
    const { text } = await converse().sayAll(...proposal, 'how much is the third?', "I'll take it")
    expect(text).toContain('Clara velvet chair')
    expect(text).toContain('Shall I place the order?')
  })
})

describe('a yes to nothing', () => {
  test('orders nothing', async () => {
    const { text, calls } = await converse().say('yes')
    expect(text).toContain('Nothing is waiting for a yes.')
    expect(calls).toEqual([])
  })

  test('does not order twice', async () => {
    const talk = converse()
    await talk.sayAll('chairs under 150', 'buy the first', 'yes')
    expect((await talk.say('yes')).calls).toEqual([])
  })
})
