import { describe, expect, test } from 'vitest'
import { converse } from '../../test/conversation.js'

async function afterTwoOrders() {
  const talk = converse()
  await talk.sayAll('buy two Alva in black', 'yes', 'buy the Edison', 'yes')
  return talk
}

describe('what was ordered', () => {
  test.each([
    'what did I order?',
    'my orders',
    'show me my orders',
    'what have I ordered so far?',
    'order history',
  ])('is listed: %s', async (message) => {
    const { text, calls } = await (await afterTwoOrders()).say(message)
    expect(calls).toMatchObject([{ name: 'get_order', arguments: {} }])
    expect(text).toContain('ORD-1001: 2 × Alva dining chair in black, 178 EUR, placed')
    expect(text).toContain('ORD-1002: 1 × Edison desk lamp in black, 59 EUR, placed')
  })

  test('can be asked for by its number', async () => {
    const { text, calls } = await (await afterTwoOrders()).say('where is my order ORD-1002?')
    expect(calls).toMatchObject([{ name: 'get_order', arguments: { orderId: 'ORD-1002' } }])
    expect(text).toBe(
      'Your order ORD-1002: 1 × Edison desk lamp in black, 59 EUR, placed.\nI only know that it was ordered, not where it is.',
    )
  })

  test('is nothing at the beginning', async () => {
    expect((await converse().say('where is my order?')).text).toBe(
      'You have not ordered anything in this chat yet.',
    )
  })

  test('does not contain unknown orders', async () => {
    const { text, calls } = await converse().say('where is order ORD-9999?')
    expect(calls[0]?.error).toBe('There is no order ORD-9999 in this chat.')
    expect(text).toContain('There is no order ORD-9999 in this chat.')
  })
})

describe('cancelling', () => {
  test('the only order needs no number', async () => {
    const talk = converse()
    const { text, calls } = await talk.sayAll('buy two Alva', 'yes', 'cancel my order')
    expect(calls).toMatchObject([{ name: 'cancel_order', result: { id: 'ORD-1001', status: 'cancelled' } }])
    expect(text).toBe('Order ORD-1001 is cancelled: 2 × Alva dining chair in natural.')
    expect((await talk.say('my orders')).text).toContain('cancelled')
  })

  test.each([
    ['the second', ['ORD-1002']],
    ['1', ['ORD-1001']],
    ['ORD-1002', ['ORD-1002']],
    ['the last one', ['ORD-1002']],
    ['the Alva', ['ORD-1001']],
    ['all', ['ORD-1001', 'ORD-1002']],
  ])('one of several asks which one: %s', async (message, ids) => {
    const talk = await afterTwoOrders()
    expect((await talk.say('cancel my order')).text).toContain('Which order shall I cancel?')
    const { calls } = await talk.say(message)
    expect(calls.map(({ name, arguments: args }) => [name, args])).toEqual(
      ids.map((orderId) => ['cancel_order', { orderId }]),
    )
  })

  test.each([
    ['cancel ORD-1001', ['ORD-1001']],
    ['please cancel my last order', ['ORD-1002']],
    ['cancel all my orders', ['ORD-1001', 'ORD-1002']],
    ['can you cancel the first order?', ['ORD-1001']],
    ['cancel my second order', ['ORD-1002']],
    ['cancel the third order', []],
    ['cancel order 1002', ['ORD-1002']],
  ])('can say which: %s', async (message, ids) => {
    const { calls } = await (await afterTwoOrders()).say(message)
    expect(calls.map(({ arguments: args }) => args)).toEqual(ids.map((orderId) => ({ orderId })))
  })

  test('can be declined', async () => {
    const talk = await afterTwoOrders()
    expect((await talk.sayAll('cancel my order', 'no')).text).toBe('All right, I cancel nothing.')
    expect((await talk.say('the second')).calls.map(({ name }) => name)).not.toContain('cancel_order')
  })

  test.each([
    'is my order cancelled?',
    "I don't want to cancel my order",
    'show me the drop-leaf table',
    'did you cancel it?',
    'can I cancel my order later?',
    'how do I cancel an order?',
    "don't cancel my order",
  ])('%s cancels nothing', async (message) => {
    const { calls } = await (await afterTwoOrders()).say(message)
    expect(calls.map(({ name }) => name)).not.toContain('cancel_order')
  })

  test('what is only proposed leaves placed orders alone', async () => {
    const { text, calls } = await (await afterTwoOrders()).sayAll('buy the Jarl', 'cancel my order')
    expect(calls).toEqual([])
    expect(text).toContain('All right, I have not ordered it.')
    expect(text).toContain('Your placed orders stay as they are:\n1. ORD-1001')
  })

  test('twice is refused', async () => {
    const { text, calls } = await (await afterTwoOrders()).sayAll('cancel ORD-1001', 'cancel ORD-1001')
    expect(calls[0]?.error).toBe('Order ORD-1001 was cancelled before.')
    expect(text).toBe('Order ORD-1001 was cancelled before.')
  })

  test('nothing is said to be so', async () => {
    expect((await converse().say('cancel my order')).text).toBe(
      'There is no open order to cancel in this chat.',
    )
  })
})
