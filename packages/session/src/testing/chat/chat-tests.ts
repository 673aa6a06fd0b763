import type { TriedChat } from './tried-chat.js'

/** A test of a chat interface that is its own, and has started. */
export type ChatTest = (tried: TriedChat) => Promise<void>

/** The tests of one promise. */
export type ChatTests = Readonly<Record<string, ChatTest>>

/** Tests that need something which may not be known: none without it. */
export function givenThat<Known>(known: Known | undefined, tests: (known: Known) => ChatTests): ChatTests {
  return known === undefined ? {} : tests(known)
}

/** A test with each of some messages, one after another. */
export function withEach(
  messages: readonly string[],
  test: (message: string, tried: TriedChat) => Promise<void>,
): ChatTest {
  return async (tried) => {
    for (const message of messages) await test(message, tried)
  }
}
