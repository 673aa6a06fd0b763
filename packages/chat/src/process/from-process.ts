import { type ChatContext, ChatError, type ChatInterface, type Chunk } from '@colloquy/session'
import { replyWithSignal } from '../reply-with-signal.js'
import { askProgram } from './ask-program.js'
import type { ProcessOptions } from './process-options.js'
import { setUp } from './process-setup.js'
import { ProgramPool } from './program-pool.js'

/**
 * Makes a chat interface of a program in any language, which speaks JSON Lines over its standard input and output:
 * docs/process-protocol.md. It is started by `start()`, and again whenever it ends, and answers many turns at once.
 *
 * `start()` rejects when the program can't be started, ends, or is not ready in time. A turn fails with an Error when the program
 * ends in the middle of it, breaks the protocol, or says so; with a ChatError of the code that it says; and with a ChatError
 * `not_ready` when there is no process that could answer within `startTimeoutMs`.
 *
 * @throws TypeError | RangeError for options that are not usable
 */
export function fromProcess(options: ProcessOptions): ChatInterface {
  const setup = setUp(options)
  let pool: ProgramPool | undefined

  async function* answer(message: string, context: ChatContext): AsyncGenerator<Chunk, void, undefined> {
    if (pool === undefined)
      throw new ChatError('not_ready', `The program "${setup.label}" was not started: call start() first.`)
    yield* askProgram(message, context, pool)
  }

  return {
    get name() {
      return options.name ?? pool?.ready?.name ?? setup.label
    },
    get functions() {
      return pool?.ready?.functions ?? []
    },
    async start() {
      await pool?.stop() // of a start before: nothing is left behind
      pool = new ProgramPool(setup)
      await pool.start()
    },
    async stop() {
      await pool?.stop()
    },
    async health() {
      if (pool === undefined) return { process: { status: 'unhealthy', detail: 'it was not started' } }
      return pool.health()
    },
    reply: (message, context) => replyWithSignal(context, (context) => answer(message, context)),
  }
}
