import { ChatError, type HealthReport } from '@colloquy/session'
import type { Agent } from './agent.js'
import { launchAgent } from './launch-agent.js'
import type { AcpSettings } from './read-options.js'

/** Keeps one agent running. */
export interface AgentKeeper {
  /**
   * The agent that runs; after it has ended, a new one.
   *
   * @throws ChatError `not_ready` where it can't be started, or has to wait because it ended too often; or was stopped
   */
  running(): Promise<Agent>
  /** The agent has answered: what went wrong before counts no more. */
  succeeded(): void
  health(): HealthReport
  /** Ends it for good. Resolves when nothing is left of it. */
  stop(): Promise<void>
}

const firstDelayMs = 500
const longestDelayMs = 30_000

/**
 * Makes what keeps an agent running. One that ends is started again when it is needed: at once the first time, and when it ends
 * again before it has answered anything, 500 ms after that, and then after twice as long each time, up to half a minute. Until then
 * whoever needs it is told when to try again.
 */
export function keepAgent(settings: AcpSettings): AgentKeeper {
  const { clock, logger, name } = settings
  const stopping = new AbortController()
  let agent: Agent | undefined
  let launch: Promise<Agent> | undefined
  let failures = 0
  let notBefore = 0
  let lastEnd = ''

  async function launchOnce(): Promise<Agent> {
    try {
      const launched = await launchAgent(settings, stopping.signal)
      agent = launched
      void launched.ended.then(ended)
      return launched
    } catch (error) {
      failed('did not start')
      throw error
    } finally {
      launch = undefined
    }
  }

  function ended(how: string): void {
    if (stopping.signal.aborted) return
    failed(how)
    logger.warn({ failures, how }, 'the agent ended')
  }

  function failed(how: string): void {
    failures += 1
    notBefore = clock.monotonic() + delayAfter(failures)
    lastEnd = how
  }

  async function running(): Promise<Agent> {
    if (agent?.hasEnded === true) await agent.ended // it may still be on its way out
    if (stopping.signal.aborted) throw new ChatError('not_ready', `The agent ${name} was stopped.`)
    if (agent !== undefined && !agent.hasEnded) return agent
    const waitMs = notBefore - clock.monotonic()
    if (launch === undefined && waitMs > 0) throw tooSoon(waitMs)
    return (launch ??= launchOnce())
  }

  function tooSoon(waitMs: number): ChatError {
    const retryAfterSeconds = Math.ceil(waitMs / 1_000)
    const message = `The agent ${name} ${lastEnd}, ${failures} times in a row. It is started again in ${retryAfterSeconds} s.`
    return new ChatError('not_ready', message, { retryAfterSeconds })
  }

  return {
    running,
    succeeded: () => {
      failures = 0
    },
    // Never unhealthy: it is the next message that starts it again.
    health: () => ({
      agent:
        agent !== undefined && !agent.hasEnded
          ? { status: 'healthy' }
          : {
              status: 'degraded',
              detail: `${lastEnd || 'is not started'}; it is started with the next message`,
            },
    }),
    stop: async () => {
      stopping.abort()
      await launch?.catch(() => {})
      await agent?.end()
    },
  }
}

function delayAfter(failures: number): number {
  return failures === 1 ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (failures - 2))
}
