import type { ChatInterface } from '../../../chat-interface.js'
import type { ChatScenarios } from '../chat-scenarios.js'
import { testChatInterface } from '../test-chat-interface.js'

interface Test {
  readonly name: string
  readonly body: () => Promise<void>
}

/** The tests that the suite registers. */
export function suiteFor(
  createChat: () => ChatInterface | Promise<ChatInterface>,
  scenarios: ChatScenarios,
): { readonly title: string; readonly groups: readonly string[]; readonly tests: readonly Test[] } {
  const tests: Test[] = []
  const names: string[] = []
  const open: string[] = []
  const describe = (name: string, body: () => void) => {
    names.push(name)
    open.push(name)
    body()
    open.pop()
  }
  const it = (name: string, body: () => Promise<void>) =>
    tests.push({ name: [...open.slice(1), name].join(': '), body })
  testChatInterface({ describe, it }, 'a chat', createChat, scenarios)
  const [title = '', ...groups] = names
  return { title, groups, tests }
}

/** The tests that a chat interface fails, with why. What nobody handles fails a test, as it does in every framework. */
export async function findFailures(
  createChat: () => ChatInterface | Promise<ChatInterface>,
  scenarios: ChatScenarios,
): Promise<ReadonlyMap<string, unknown>> {
  const failures = new Map<string, unknown>()
  for (const { name, body } of suiteFor(createChat, scenarios).tests) {
    const failure = await withUnhandled(body).catch((error: unknown) => error ?? 'nothing')
    if (failure !== undefined) failures.set(name, failure)
  }
  return failures
}

const events = ['unhandledRejection', 'uncaughtException'] as const

/** Runs a test as frameworks do, which take what nobody handles for a failure. */
async function withUnhandled(body: () => Promise<void>): Promise<void> {
  const unhandled: unknown[] = []
  const note = (error: unknown) => void unhandled.push(error)
  const others = events.map((event) => [event, process.rawListeners(event)] as const)
  for (const event of events) process.removeAllListeners(event).on(event, note)
  try {
    await body()
  } finally {
    for (const [event, listeners] of others) {
      process.off(event, note)
      for (const listener of listeners) process.on(event, listener as (...args: unknown[]) => void)
    }
  }
  if (unhandled.length > 0) throw unhandled[0]
}
