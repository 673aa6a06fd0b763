import { describe, expect, test } from 'vitest'
import { converse } from '../../test/conversation.js'

describe('a question about something that was listed', () => {
  test.each([
    ['how much is the first?', 'Alva dining chair costs 89 EUR.'],
    ['what does the 2nd cost?', 'Bruno spindle chair costs 119 EUR.'],
    ['tell me more about the third', 'Clara velvet chair (CH-103), 149 EUR, in stock.'],
    ['the last one', 'Fabian cantilever chair (CH-106)'],
    ['is number 4 in stock?', 'Doris stacking chair is in stock: 60 pieces.'],
    ['what is #2 made of?', 'Bruno spindle chair is made of birch.'],
    ['how big is the fifth one?', 'Fabian cantilever chair is 48 cm wide, 57 cm deep and 81 cm high.'],
    ['3', 'Clara velvet chair (CH-103)'],
    ['two', 'Bruno spindle chair (CH-102)'],
    ['which colours does the first come in?', 'Alva dining chair comes in natural and black.'],
    ['is the third one available in pink?', 'Yes, Clara velvet chair comes in pink.'],
    ['do you have the first in red?', 'No, not in red. Alva dining chair comes in natural and black.'],
    ['how heavy is the first?', "I don't know that about Alva dining chair."],
    ['what would 5 of the first cost', 'Alva dining chair costs 89 EUR. 5 of them cost 445 EUR.'],
  ])('%s', async (message, answer) => {
    const { text, calls } = await converse().sayAll('chairs under 150', message)
    expect(text).toContain(answer)
    expect(calls.map(({ name }) => name)).toEqual(['get_product'])
  })

  test('can be about several of them', async () => {
    const { text, calls } = await converse().sayAll('chairs under 150', 'compare the first and the second')
    expect(calls.map(({ arguments: args }) => args)).toEqual([
      { productId: 'CH-101' },
      { productId: 'CH-102' },
    ])
    expect(text.split('\n').length).toBe(2)
  })

  test('can describe it', async () => {
    const { text } = await converse().sayAll('sofas', 'tell me about the leather one')
    expect(text).toContain('Drammen leather sofa (SO-504)')
  })

  test('must stay within the list', async () => {
    const { text } = await converse().sayAll('chairs under 150', 'the ninth one')
    expect(text).toBe('There is no number 9 in the list: it goes from 1 to 5.')
  })

  test('is turned back when "it" could be any of them', async () => {
    const { text } = await converse().sayAll('chairs under 150', 'is it in stock?')
    expect(text).toBe('Which one do you mean? Say its number, 1 to 5.')
  })
})

describe('"it"', () => {
  test.each([
    ['is it in stock?', 'is in stock: 12 pieces'],
    ['what is it made of?', 'is made of pine'],
    ['how big is it?', 'is 96 cm wide, 206 cm deep and 85 cm high'],
    ['which colours?', 'comes in white and natural'],
    ['do you have it in red?', 'No, not in red.'],
    ['and in white?', 'Yes, Inga single bed comes in white.'],
    ['how much is it?', 'costs 179 EUR'],
    ['tell me more', 'Inga single bed (BD-854)'],
    ['in stock?', 'is in stock: 12 pieces'],
    ['do you have any left?', 'is in stock: 12 pieces'],
  ])('is what was shown alone: %s', async (message, answer) => {
    expect((await converse().sayAll('the cheapest bed', message)).text).toContain(answer)
  })

  test('is what was asked about last', async () => {
    const { text } = await converse().sayAll(
      'chairs under 150',
      'how much is the third?',
      'what is it made of?',
    )
    expect(text).toBe('Clara velvet chair is made of velvet and steel.')
  })

  test.each(['is it in stock?', 'the second one', 'tell me more', 'it'])(
    'is nothing at the beginning: %s',
    async (message) => {
      const { text, calls } = await converse().say(message)
      expect(text).toContain('I have not shown you any product yet.')
      expect(calls).toEqual([])
    },
  )
})

describe('a product can be named', () => {
  test.each([
    ['CH-105', 'Edda ladder-back chair (CH-105)'],
    ['tell me about ch-105', 'Edda ladder-back chair (CH-105)'],
    ['Edda ladder-back chair', 'Edda ladder-back chair (CH-105)'],
    ['is the Fjord available?', 'Fjord corner sofa is out of stock at the moment.'],
    ['how much is the alva', 'Alva dining chair costs 89 EUR.'],
    ['what are the dimensions of the fabain chair?', 'Fabian cantilever chair is 48 cm wide'],
  ])('%s', async (message, answer) => {
    expect((await converse().say(message)).text).toContain(answer)
  })

  test('and an unknown id is refused by get_product', async () => {
    const { text, calls } = await converse().say('tell me about CH-999')
    expect(calls).toEqual([
      {
        name: 'get_product',
        arguments: { productId: 'CH-999' },
        error: 'There is no product CH-999 in the catalogue.',
      },
    ])
    expect(text).toContain('There is no product CH-999 in the catalogue.')
  })
})
