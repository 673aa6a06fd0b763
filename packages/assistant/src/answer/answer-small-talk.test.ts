import { describe, expect, test } from 'vitest'
import { converse } from '../../test/conversation.js'

describe('small talk', () => {
  test.each([
    ['hi', 'Hello! What are you looking for?'],
    ['Good morning!', 'Hello!'],
    ['thanks', "You're welcome."],
    ['thank you very much', "You're welcome."],
    ['bye', 'Goodbye'],
    ['thanks, bye', 'Goodbye'],
    ['help', 'I can search the catalogue'],
    ['what can you do?', 'I can search the catalogue'],
    ['are you a bot?', 'a program without a language model'],
    ['how do I order?', 'take an order'],
    ['what do you sell?', 'We sell chairs, office chairs, stools'],
    ['no', 'All right.'],
  ])('%s', async (message, answer) => {
    const { text, calls } = await converse().say(message)
    expect(text).toContain(answer)
    expect(calls).toEqual([])
  })

  test('does not hide what is asked for', async () => {
    expect((await converse().say('Hi, show me chairs please, thanks')).text).toContain('5 of 18 chairs')
  })
})

describe('what it does not understand', () => {
  test.each([
    'I love you',
    'how many legs does a spider have?',
    'Haben Sie vielleicht Stühle?',
    'すみません、椅子はありますか',
    'what is the meaning of life',
    'tell me about the French revolution',
  ])('it admits, and says what it can do: %s', async (message) => {
    const { text, calls } = await converse().say(message)
    expect(text).toContain('Sorry, I did not understand that. I can search the catalogue')
    expect(calls).toEqual([])
  })

  test.each([
    'do you deliver to Spain?',
    'what is your return policy?',
    'can I pay with PayPal?',
    "what's the weather like?",
  ])('it does not know about: %s', async (message) => {
    expect((await converse().say(message)).text).toContain("I don't know about that")
  })

  test('it looks up a lone word before it gives up', async () => {
    expect((await converse().say('asdfgh')).text).toContain('I have no products for "asdfgh".')
  })

  test.each(['', '   \n\t ', '…', '🪑', '!!!'])(
    'it asks for words when there are none: %j',
    async (message) => {
      expect((await converse().say(message)).text).toContain('What are you looking for?')
    },
  )
})
