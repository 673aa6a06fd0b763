import { describe, expect, it } from 'vitest'
import { suiteFor } from './wrong-chats/find-failures.fixture.js'
import { createRightChat, scenarios } from './wrong-chats/right-chat.fixture.js'

describe('a scenario that is missing', () => {
  it('is named in the title, and no other one', () => {
    const title = (known: object) => suiteFor(createRightChat, known).title
    expect(title(scenarios)).toBe('chat interface: a chat')
    expect(title({ ...scenarios, failingMessage: undefined })).toBe(
      'chat interface: a chat (not tried: failingMessage)',
    )
    expect(title({ ...scenarios, canBeLeftWaiting: false })).toBe(
      'chat interface: a chat (not tried: canBeLeftWaiting)',
    )
    expect(title({})).toBe(
      'chat interface: a chat (not tried: longMessage, endlessMessage, failingMessage, callingMessage)',
    )
  })

  it('leaves out what needs it, and nothing else', () => {
    const namesOf = (known: object) => suiteFor(createRightChat, known).tests.map(({ name }) => name)
    const all = namesOf(scenarios)
    const without = (name: string) => {
      const names = new Set(namesOf({ ...scenarios, [name]: undefined }))
      return all.filter((each) => !names.has(each))
    }
    expect(without('message')).toEqual([])
    expect(without('stopWithinMs')).toEqual([])
    expect({
      longMessage: without('longMessage'),
      endlessMessage: without('endlessMessage'),
      failingMessage: without('failingMessage'),
      callingMessage: without('callingMessage'),
    }).toMatchInlineSnapshot(`
      {
        "callingMessage": [
          "the functions of a reply: are called for a message that needs them",
          "the functions of a reply: are those that the chat interface names, where it names any",
          "the functions of a reply: are known from the history, and the next message is answered",
        ],
        "endlessMessage": [
          "a stop in the middle of an answer: is needed to end an endless reply",
          "a stop in the middle of an answer: is not needed for a reader to leave while it waits for a chunk",
        ],
        "failingMessage": [
          "health: tells how it is after it has failed",
          "a failure: is an Error that says what happened",
          "a failure: has a code that is known, and a time that can be waited for, where it is a ChatError",
          "a failure: comes after nothing but chunks",
          "a failure: is the end of the reply",
          "a failure: comes again when it is asked for again, and harms no message after it",
          "a failure: harms no other reply at the same time",
          "a failure: can be stopped like an answer",
        ],
        "longMessage": [
          "the chunks of a reply: come in three pieces of text or more when the answer is long",
          "a stop in the middle of an answer: ends a long reply at every place",
          "a stop in the middle of an answer: ends a long reply whose reader leaves, though the signal is not aborted",
        ],
      }
    `)
  })

  it('leaves out a reader that leaves while it waits, where that can not be', () => {
    const tests = (known: object) => suiteFor(createRightChat, known).tests.length
    expect(tests({ ...scenarios, canBeLeftWaiting: false })).toBe(tests(scenarios) - 1)
    expect(tests({ canBeLeftWaiting: false })).toBe(tests({}))
  })

  it('leaves no group without tests', () => {
    const { groups, tests } = suiteFor(createRightChat, {})
    expect(groups).not.toContain('a failure')
    expect(groups.filter((group) => !tests.some(({ name }) => name.startsWith(`${group}: `)))).toEqual([])
    expect(suiteFor(createRightChat, scenarios).groups).toContain('a failure')
  })
})
