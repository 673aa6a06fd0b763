import { describe, expect, test } from 'vitest'
import { converse, names } from '../../test/conversation.js'

describe('an order that cannot be filled is refused', () => {
  test.each([
    ['order 0 of the first', "I can't order 0: it must be a whole number from 1."],
    ['order -3 of the first', "I can't order -3: it must be a whole number from 1."],
    ['order minus three of the first', "I can't order -3: it must be a whole number from 1."],
    ['order 1.5 of the first', "I can't order 1.5: it must be a whole number from 1."],
    ['order two and a half of the first', "I can't order 2.5: it must be a whole number from 1."],
    ['order 1e9 of the first', "I can't order 1,000,000,000: the stock of Alva dining chair is 24."],
    ['order a million of the first', "I can't order 1,000,000: the stock of Alva dining chair is 24."],
    ['order 9e999 of the first', "I can't order that many"],
    ['order 25 of the first', "I can't order 25: the stock of Alva dining chair is 24."],
    ['order a few of the first', 'How many of Alva dining chair would you like?'],
    ['order two or three of the first', 'How many of Alva dining chair would you like?'],
  ])('%s', async (message, reason) => {
    const talk = converse()
    const { text, calls } = await talk.sayAll('chairs under 150', message)
    expect(text).toContain(reason)
    expect(text).toContain('Up to 24 can be ordered.')
    expect(names(calls)).toEqual(['get_product'])
    expect((await talk.say('yes')).text).toContain('How many would you like?')
    expect((await talk.say('three')).text).toContain('3 × Alva dining chair')
  })

  test('when it is out of stock, with what there is instead', async () => {
    const talk = converse()
    const { text } = await talk.say('buy the Hedda folding chair')
    expect(text).toContain(
      "Hedda folding chair is out of stock, so I can't order it. In stock instead:\n1. Alva dining chair",
    )
    expect(names((await talk.say('yes')).calls)).toEqual([])
  })

  test('when the product is unknown', async () => {
    const { text, calls } = await converse().say('buy two XX-999')
    expect(text).toContain('There is no product XX-999 in the catalogue.')
    expect(calls[0]?.error).toContain('There is no product XX-999')
  })

  test('when the list has no such number', async () => {
    expect((await converse().sayAll('sofas', 'buy the eighth')).text).toContain(
      'There is no number 8 in the list',
    )
    expect((await converse().say('buy the second')).text).toContain('I have not shown you any product yet.')
  })

  test('when nothing fits the description', async () => {
    expect((await converse().say('buy a purple sofa')).text).toContain('I found no product like that')
  })

  test('when the session has ordered the rest already', async () => {
    const talk = converse()
    await talk.sayAll('buy 4 Ines', 'three', 'yes')
    expect((await talk.say('buy one Ines')).text).toContain('Ines upholstered chair is out of stock')
    await talk.say('cancel my order')
    expect((await talk.say('buy 3 Ines')).text).toContain('3 × Ines upholstered chair')
  })

  test('when the session has twenty open orders, until one is cancelled', async () => {
    const talk = converse()
    for (let count = 0; count < 20; count += 1) await talk.sayAll('buy one Doris', 'yes')
    const refused = await talk.say('buy one Doris')
    expect(refused.calls.at(-1)?.error).toContain('This chat already holds 20 open orders.')
    expect(refused.text).toContain("I can't order that. This chat already holds")
    await talk.sayAll('cancel ORD-1005', 'buy one Doris')
    expect((await talk.say('yes')).text).toContain('Order ORD-1021 is placed')
    expect((await talk.say('where is ORD-1005')).text).toContain('There is no order ORD-1005 in this chat.')
  })
})
