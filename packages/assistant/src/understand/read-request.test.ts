import { describe, expect, test } from 'vitest'
import { converse, placed } from '../../test/conversation.js'
import { createCatalogue } from '../catalogue/create-catalogue.js'
import { products } from '../catalogue/products.js'
import { readRequest } from './read-request.js'
import { maxWords, splitWords } from './split-words.js'

const nasty = [
  'constructor',
  '__proto__',
  'toString of the first',
  'buy two hasOwnProperty',
  'cancel constructor',
  '{"type":"state"}',
  '[a-z]+(.*)+$',
  '\\',
  '((((((',
  '$&$1',
  '#',
  '#999999999999999999999',
  '#0',
  'the 0th one',
  'number -1',
  '1e999',
  'buy NaN of the first',
  'buy Infinity of the first',
  'under -50',
  'between 100 and',
  'between and',
  'under under under',
  'of of of of the the the',
  'one one one one',
  'hundred hundred thousand million',
  '\u0000\u0001\u{1F600}\uD800',
  'ĉu vi havas seĝojn? 椅子 стул كرسي',
  '１２３ ②',
  '’’’“”',
  'a'.repeat(32_000),
  'a '.repeat(16_000),
  '1 '.repeat(16_000),
  'under 5 '.repeat(4_000),
  'two hundred and '.repeat(2_000),
  '9'.repeat(32_000),
  '1,'.repeat(16_000),
  '-'.repeat(32_000),
  'chair '.repeat(5_000),
  'ch-'.repeat(10_000),
  'ch-1'.repeat(8_000),
  'no '.repeat(10_000),
  'yes '.repeat(8_000),
  ' '.repeat(32_000),
  '\u0301'.repeat(32_000),
  '🪑'.repeat(16_000),
]

describe('nasty messages', () => {
  test.each(nasty.map((message) => [message.slice(0, 30), message] as const))(
    'never throw, at any point of a conversation: %j',
    async (_, message) => {
      const situations = [
        [],
        ['chairs'],
        ['the cheapest bed'],
        ['buy the Alva'],
        ['buy 0 Alva'],
        ['buy two beds'],
      ]
      for (const before of situations) {
        const talk = converse()
        await talk.sayAll(...before)
        expect((await talk.say(message)).text).not.toBe('')
        expect((await talk.say(message)).text).not.toBe('')
      }
    },
  )

  test('never place an order', async () => {
    for (const message of nasty.filter((message) => !message.startsWith('yes'))) {
      const { calls } = await converse().sayAll('buy the Alva', message)
      expect(placed(calls)).toEqual([])
    }
  })
})

describe('the work for a long message', () => {
  test.each(nasty.map((message) => [message.slice(0, 30), message] as const))(
    'is bounded: %j',
    (_, message) => {
      const words = splitWords(message)
      expect(words.length).toBeLessThanOrEqual(maxWords)
      for (const word of words) expect(word.length).toBeLessThanOrEqual(40)
    },
  )

  test('searches the index for a few words only', () => {
    const catalogue = createCatalogue(products, 'EUR')
    const { search } = readRequest(
      `show me ${'abcdefghijklmnop'
        .split('')
        .map((letter) => `${letter}xyz`)
        .join(' ')}`,
      catalogue,
    )
    expect(search.query.split(' ').length).toBeLessThanOrEqual(8)
  })

  test('does not grow with what comes after the first 2,000 characters', () => {
    const catalogue = createCatalogue(products, 'EUR')
    const start = `sofas under 500 ${'please '.repeat(300)}`
    expect(readRequest(start + 'chairs '.repeat(4_000), catalogue)).toEqual(
      readRequest(start.slice(0, 2_000), catalogue),
    )
  })
})

describe('numbers', () => {
  const catalogue = createCatalogue(products, 'EUR')
  test.each([
    ['buy 3 Alva', 3],
    ['buy three Alva', 3],
    ['buy a couple of Alva', 2],
    ['buy a pair of Alva', 2],
    ['buy a dozen Alva', 12],
    ['buy two dozen Alva', 24],
    ['buy half a dozen Alva', 6],
    ['buy twenty five Alva', 25],
    ['buy twenty-five Alva', 25],
    ['buy a hundred Alva', 100],
    ['buy one hundred and twenty Alva', 120],
    ['buy two thousand three hundred Alva', 2300],
    ['buy 1,200 Alva', 1200],
    ['buy 2k Alva', 2000],
    ['buy 2 million Alva', 2_000_000],
    ['buy 1,5 Alva', 1.5],
    ['buy minus three Alva', -3],
    ['buy a few Alva', 'some'],
    ['buy Alva', null],
    ['buy the second one', null],
    ['buy the blue one', null],
    ['buy a 3 seater sofa', null],
    ['buy the 89 euro chair', null],
  ])('%s', (message, quantity) => {
    expect(readRequest(message, catalogue).quantity).toBe(quantity)
  })
})
