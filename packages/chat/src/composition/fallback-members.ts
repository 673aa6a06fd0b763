import { type ChatInterface, type HealthReport, silentLogger, systemClock } from '@colloquy/session'
import { createAskHealth, statusOf, unhealthy } from './ask-health.js'
import type { FallbackOptions } from './fallback-options.js'
import { prefixHealth } from './prefix-health.js'
import { createRetriedStart, type RetriedStart } from './retried-start.js'
import { untilAborted } from './until-aborted.js'

/** One of those that answer for each other. */
export interface Member {
  /** Its own name; where an earlier one has it too, with its place behind: `model#2`. */
  readonly name: string
  readonly chat: ChatInterface
  readonly start: RetriedStart
  /** How it is, within a second. Never rejects. */
  readonly health: () => Promise<HealthReport>
}

/** Makes members of chat interfaces. */
export function createMembers(
  chats: readonly ChatInterface[],
  {
    clock = systemClock,
    logger = silentLogger,
    random = Math.random,
    restartDelayMs = 1_000,
    maxRestartDelayMs = 60_000,
  }: FallbackOptions,
): readonly Member[] {
  const backoff = { delayMs: restartDelayMs, maxDelayMs: maxRestartDelayMs, random }
  const names = new Set<string>()
  return chats.map((chat, i) => {
    let { name } = chat
    for (let place = i + 1; names.has(name); place += 1) name = `${chat.name}#${place}`
    names.add(name)
    const start = createRetriedStart({ name, chat, clock, logger, backoff })
    const ask = createAskHealth(chat, clock)
    const notStarted = unhealthy('not started yet; it is tried again')
    return { name, chat, start, health: async () => (start.hasStarted ? ask() : notStarted) }
  })
}

/**
 * How all of them are, each component with the member's name in front. As long as one of them works, none is worse than
 * degraded.
 */
export async function healthOfMembers(members: readonly Member[]): Promise<HealthReport> {
  const reports = await Promise.all(members.map(async ({ name, health }) => [name, await health()] as const))
  const oneWorks = reports.some(([, report]) => statusOf(report) !== 'unhealthy')
  return prefixHealth(reports.map(([name, report]) => [name, oneWorks ? soften(report) : report]))
}

function soften(report: HealthReport): HealthReport {
  return Object.fromEntries(
    Object.entries(report).map(([component, health]) => {
      if (health.status !== 'unhealthy') return [component, health]
      const detail = health.detail === undefined ? 'unhealthy' : `unhealthy: ${health.detail}`
      return [component, { status: 'degraded', detail }]
    }),
  )
}

/**
 * Those that may answer a turn, in order: all that have started and are not unhealthy. Where there are none of these, all
 * that have started: it may be the health check that fails.
 *
 * @throws the signal's reason, as soon as it is aborted
 */
export async function* readyMembers(
  members: readonly Member[],
  signal: AbortSignal,
): AsyncGenerator<Member, void, undefined> {
  const doubtful: Member[] = []
  let isNoneReady = true
  for (const member of members) {
    if (!member.start.hasStarted) continue
    if (statusOf(await untilAborted(member.health(), signal)) === 'unhealthy') {
      doubtful.push(member)
      continue
    }
    isNoneReady = false
    yield member
  }
  if (isNoneReady) yield* doubtful
}
