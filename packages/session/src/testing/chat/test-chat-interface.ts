import type { ChatInterface } from '../../chat-interface.js'
import type { TestFramework } from '../test-session-store.js'
import { callTests } from './call-tests.js'
import { type ChatScenarios, knowScenarios } from './chat-scenarios.js'
import type { ChatTests } from './chat-tests.js'
import { chunkTests } from './chunk-tests.js'
import { contextTests } from './context-tests.js'
import { descriptionTests } from './description-tests.js'
import { failureTests } from './failure-tests.js'
import { healthTests } from './health-tests.js'
import { lifeTests } from './life-tests.js'
import { midAnswerTests } from './mid-answer-tests.js'
import { readingTests } from './reading-tests.js'
import { sessionTests } from './session-tests.js'
import { stateTests } from './state-tests.js'
import { stopTests } from './stop-tests.js'
import { type TriedChat, tryChat } from './tried-chat.js'

/**
 * Registers the tests that every chat interface must pass: each group is about one promise of the port. What can't be tested
 * because a scenario is missing is named in the title.
 *
 * Where a message can be answered in many ways, each answer only has to be whole: whether it is the right one can't be told.
 *
 * Of start and stop it is tested that a chat interface starts, answers and stops; that it stops when it was asked nothing, and when
 * its replies were given up; that `stop()` does no harm when it comes twice, also at once; and that another one, made when the
 * first has stopped, starts and answers. One alone is never started again: the port calls `start()` again only when it has
 * rejected, which can't be brought about from outside.
 *
 * A slow reader has to get what a fast one gets. Whether a chat interface runs ahead of a slow reader, and how far, is not
 * tested: it is not to be seen from outside how much was made and not read yet, and pipes and sockets hold some of it in any case.
 * Whoever writes an adapter can see it at the other side, by what the program or the service was able to send.
 *
 * A rejection that nobody handles, and an error in a listener of the signal, are left to the framework to notice, as vitest,
 * node:test and mocha do: the suite waits within each test until they have happened.
 *
 * Where a chat interface does not stop, a test takes a few times as long as `stopWithinMs`: a framework whose own time-out is
 * shorter says only that the test took too long.
 *
 * @param createChat makes one; it is started before, and stopped after, each test
 * @param scenarios what can be said to it
 * @example testChatInterface({ describe, it }, 'my chat', () => createMyChat(), { longMessage: 'Tell me a story' })
 */
export function testChatInterface(
  { describe, it }: TestFramework,
  name: string,
  createChat: () => ChatInterface | Promise<ChatInterface>,
  scenarios: ChatScenarios = {},
): void {
  const { stopWithinMs = 5_000 } = scenarios
  const known = knowScenarios(scenarios)
  const tried = (test: (tried: TriedChat) => Promise<void>) => tryChat(createChat, stopWithinMs, test)
  const groups: Readonly<Record<string, ChatTests>> = {
    'what it says of itself': descriptionTests(),
    'start and stop': lifeTests(known, tried),
    health: healthTests(known),
    'the chunks of a reply': chunkTests(known),
    'the functions of a reply': callTests(known),
    'a reply': readingTests(known),
    sessions: sessionTests(known),
    'a stop': stopTests(known),
    'a stop in the middle of an answer': midAnswerTests(known),
    'a failure': failureTests(known),
    'the state': stateTests(known, tried),
    'what it is told': contextTests(known),
  }
  const untried = known.missing.length === 0 ? '' : ` (not tried: ${known.missing.join(', ')})`
  describe(`chat interface: ${name}${untried}`, () => {
    for (const [group, tests] of Object.entries(groups)) {
      if (Object.keys(tests).length === 0) continue
      describe(group, () => {
        for (const [sentence, test] of Object.entries(tests)) it(sentence, () => tried(test))
      })
    }
  })
}
