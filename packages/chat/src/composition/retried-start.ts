import { type ChatInterface, type Clock, type Logger, logForeign } from '@colloquy/session'
import { type Backoff, backoffMs } from './backoff.js'

/** The start of a chat interface, which may succeed only at a later attempt. */
export interface RetriedStart {
  /** Whether it has started; from the beginning where there is nothing to start. */
  readonly hasStarted: boolean
  /** Tries to start it. An attempt that is under way is waited for; where it has started, nothing happens. */
  start(): Promise<void>
  /** Tries again in the background, for as long as it fails, once this attempt has failed. */
  insist(attempt: Promise<void>): void
  /** Tries no more, waits for the attempt that is under way, and stops it when it has started. */
  stop(): Promise<void>
}

/** What it takes to start a chat interface. */
export interface RetriedStartParts {
  /** What it is called in the log. */
  readonly name: string
  readonly chat: Pick<ChatInterface, 'start' | 'stop'>
  readonly clock: Clock
  readonly logger: Logger
  readonly backoff: Backoff
}

/** Makes the start of a chat interface. */
export function createRetriedStart({ name, chat, clock, logger, backoff }: RetriedStartParts): RetriedStart {
  let hasStarted = chat.start === undefined
  let starting: Promise<void> | null = null
  let isStopped = false
  let cancelTimer = () => {}

  async function run(): Promise<void> {
    await chat.start?.()
    hasStarted = true
  }
  function begin(): Promise<void> {
    const attempt = run()
    const end = () => {
      starting = null
    }
    starting = attempt
    attempt.then(end, end) // not within `run`, which may end before it has returned
    return attempt
  }
  async function start(): Promise<void> {
    if (!hasStarted) await (starting ?? begin())
  }
  async function insist(attempt: Promise<void>, failures: number): Promise<void> {
    try {
      await attempt
      if (failures > 0) logger.info({ chat: name }, 'the chat has started after all')
    } catch (err) {
      if (isStopped) return
      const delayMs = backoffMs(failures + 1, backoff)
      const fields = { chat: name, delay_ms: Math.round(delayMs), err }
      logForeign(logger, 'warn', fields, 'the chat could not be started; it is tried again')
      cancelTimer = clock.after(delayMs, () => void insist(start(), failures + 1), { background: true })
    }
  }

  return {
    get hasStarted() {
      return hasStarted
    },
    start,
    insist: (attempt) => void insist(attempt, 0),
    async stop() {
      isStopped = true
      cancelTimer()
      await starting?.catch(() => {}) // it has not started, so there is nothing to stop
      if (!hasStarted) return
      hasStarted = false
      await chat.stop?.()
    },
  }
}
