import assert from 'node:assert/strict'
import type { ChatInterface, HealthStatus } from '../../chat-interface.js'
import { readHealthReport } from '../../read-health-report.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, givenThat } from './chat-tests.js'
import { readText } from './read-answer.js'

export const healthTests = ({ message, failingMessage }: KnownScenarios): ChatTests => ({
  'tells of nothing unhealthy once it has started': async ({ chat }) => {
    assert.notEqual(await healthOf(chat), 'unhealthy', 'Something is unhealthy after start()')
  },

  'tells how it is while it answers, and afterwards': async ({ chat, ask }) => {
    const reply = ask(message)
    await reply.next()
    await healthOf(chat)
    await readText(reply)
    await healthOf(chat)
  },

  'tells how it is when several ask at once': async ({ chat }) => {
    await Promise.all([healthOf(chat), healthOf(chat), healthOf(chat)])
  },

  ...givenThat(failingMessage, (failing) => ({
    'tells how it is after it has failed': async ({ chat, ask }) => {
      await ask(failing).drain(() => false)
      await healthOf(chat)
    },
  })),
})

/** Asks for a health report, which has to be one, and returns its worst status. */
async function healthOf(chat: ChatInterface): Promise<HealthStatus> {
  if (chat.health === undefined) return 'healthy'
  const told: unknown = await chat.health()
  const report = readHealthReport(told)
  assert(report !== null, 'health() tells no health report: an object with a status for each component')
  for (const part of Object.values(told as Readonly<Record<string, { readonly detail?: unknown }>>)) {
    const isRight = part.detail === undefined || typeof part.detail === 'string'
    assert(isRight, 'health() tells a detail that is no string')
  }
  return report.status
}
