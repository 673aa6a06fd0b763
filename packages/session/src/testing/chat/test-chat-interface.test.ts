import { describe, expect, it } from 'vitest'
import { callMistakes } from './wrong-chats/call-mistakes.fixture.js'
import { chunkMistakes } from './wrong-chats/chunk-mistakes.fixture.js'
import { contextMistakes } from './wrong-chats/context-mistakes.fixture.js'
import { descriptionMistakes } from './wrong-chats/description-mistakes.fixture.js'
import { failureMistakes } from './wrong-chats/failure-mistakes.fixture.js'
import { findFailures, suiteFor } from './wrong-chats/find-failures.fixture.js'
import { healthMistakes } from './wrong-chats/health-mistakes.fixture.js'
import { lifeMistakes } from './wrong-chats/life-mistakes.fixture.js'
import { midAnswerMistakes } from './wrong-chats/mid-answer-mistakes.fixture.js'
import { rightChats } from './wrong-chats/other-right-chats.fixture.js'
import { readingMistakes } from './wrong-chats/reading-mistakes.fixture.js'
import { createRightChat, scenarios } from './wrong-chats/right-chat.fixture.js'
import { sessionMistakes } from './wrong-chats/session-mistakes.fixture.js'
import { stateMistakes } from './wrong-chats/state-mistakes.fixture.js'
import { stopMistakes } from './wrong-chats/stop-mistakes.fixture.js'
import { createWrongChat, type Mistake, type Mistakes } from './wrong-chats/wrong-chat.fixture.js'

/** Mistakes by the promise that they break, as the suite calls its groups. */
const mistakes: Readonly<Record<string, Mistakes>> = {
  'what it says of itself': descriptionMistakes,
  'start and stop': lifeMistakes,
  health: healthMistakes,
  'the chunks of a reply': chunkMistakes,
  'the functions of a reply': callMistakes,
  'a reply': readingMistakes,
  sessions: sessionMistakes,
  'a stop': stopMistakes,
  'a stop in the middle of an answer': midAnswerMistakes,
  'a failure': failureMistakes,
  'the state': stateMistakes,
  'what it is told': contextMistakes,
}

const cases = Object.entries(mistakes).flatMap(([group, some]) =>
  Object.entries(some).map(([what, mistake]) => ({ group, what, mistake })),
)

describe('the suite for chat interfaces', () => {
  it('passes a chat interface that keeps the promises', async () => {
    expect(await findFailures(createRightChat, scenarios)).toEqual(new Map())
    expect(await findFailures(() => createWrongChat(() => ({})), scenarios)).toEqual(new Map())
  })

  it.each(Object.entries(rightChats))('passes one that %s', async (_what, { create, scenarios }) => {
    expect(await findFailures(create, scenarios ?? {})).toEqual(new Map())
  })

  it('has a name of its own for every test', () => {
    const names = suiteFor(createRightChat, scenarios).tests.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(60)
    expect(new Set(names).size).toBe(names.length)
  })

  // Where a mistake is to wait for ever, nobody needs to wait long to see that.
  const hasty = { ...scenarios, stopWithinMs: 25 }
  const failing = new Map<Mistake, ReturnType<typeof findFailures>>()
  const failuresOf = (mistake: Mistake) => {
    const found = failing.get(mistake) ?? findFailures(() => createWrongChat(mistake), hasty)
    failing.set(mistake, found)
    return found
  }

  it.each(cases)('fails, in $group, a chat interface that $what', async ({ group, mistake }) => {
    const failures = [...(await failuresOf(mistake)).keys()]
    expect(failures.filter((name) => name.startsWith(`${group}: `))).not.toEqual([])
  })

  it('has no test that every wrong chat interface passes', async () => {
    const failed = new Set<string>()
    for (const { mistake } of cases) for (const name of (await failuresOf(mistake)).keys()) failed.add(name)
    const names = suiteFor(createRightChat, hasty).tests.map(({ name }) => name)
    expect(names.filter((name) => !failed.has(name))).toEqual([])
  }, 60_000)
})
