import type { ClientConnection } from '@agentclientprotocol/sdk'
import type { Clock } from '@colloquy/session'
import type { Child } from '../child/start-child.js'
import { describeEnd } from './agent-errors.js'
import type { Sdk } from './import-sdk.js'
import { nextTick } from './next-tick.js'

/** The life of an agent: of its process, and of the connection to it, neither of which is of use without the other. */
export interface AgentLife {
  /** Whether it has ended, or is about to. */
  readonly hasEnded: boolean
  /** Resolves with how it has ended, in words. */
  readonly ended: Promise<string>
  /** Ends both. Resolves when there is no process any more. Never rejects. */
  end(): Promise<void>
}

/** Watches over an agent. One whose connection has ended may end by itself for so many milliseconds, and then is ended. */
export function watchLife(
  child: Child,
  connection: ClientConnection,
  { clock, stopGraceMs }: { readonly clock: Clock; readonly stopGraceMs: number },
  { MessageTooLargeError }: Sdk,
): AgentLife {
  let hasEnded = false

  async function end(): Promise<void> {
    hasEnded = true
    connection.close()
    child.stdout.destroy() // what it still says is not read any more, and must not keep its end waiting
    await child.end()
  }

  connection.signal.addEventListener(
    'abort',
    () => {
      if (hasEnded) return
      hasEnded = true
      if (connection.signal.reason instanceof MessageTooLargeError) return void end()
      const cancelTimer = clock.after(stopGraceMs, () => void end())
      void child.ended.then(cancelTimer)
    },
    { once: true },
  )
  const ended = child.ended.then(async (childEnd) => {
    hasEnded = true
    await nextTick() // its last messages are on their way
    connection.close()
    return connection.signal.reason instanceof MessageTooLargeError
      ? `sent a message of more than ${connection.signal.reason.maxMessageBytes} bytes, and was ended`
      : describeEnd(childEnd)
  })
  return {
    get hasEnded() {
      return hasEnded || child.hasExited
    },
    ended,
    end,
  }
}
