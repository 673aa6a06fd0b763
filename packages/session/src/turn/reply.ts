import type { ChatInterface } from '../chat-interface.js'
import { failureOf } from './end-turn.js'
import { letGo } from './let-go.js'
import type { LiveTurn } from './live-turn.js'
import { describe, NotAChunkError } from './read-chunk.js'
import type { TurnRuntime } from './run-turn.js'
import { OutputTooLargeError, takeChunk } from './take-chunk.js'
import { TurnDeadline } from './turn-deadline.js'
import type { TurnLog } from './turn-log.js'

/**
 * So many chunks are taken before the rest of the process gets a turn, some 0.1 ms: a chat interface may never wait for anything.
 * Each such tick costs a write of its own, to the store and to every reader.
 */
const chunksPerTick = 128

/** What the chat interface says in one turn. */
export class Reply {
  readonly #turn: LiveTurn
  readonly #runtime: TurnRuntime
  readonly #log: TurnLog
  readonly #deadline: TurnDeadline
  readonly #taken = Promise.withResolvers<void>()
  #iterator: AsyncIterator<unknown> | undefined

  /** Of a turn that has begun. The time that the chat interface may take begins now. */
  constructor(turn: LiveTurn, runtime: TurnRuntime, log: TurnLog) {
    this.#turn = turn
    this.#runtime = runtime
    this.#log = log
    this.#deadline = new TurnDeadline(turn, runtime)
  }

  /**
   * Asks the chat interface, and takes chunks until it has said all or the turn is asked to stop, whichever comes first: a stop
   * waits for nothing. What the chat interface throws stops the turn. Never rejects.
   */
  take(): Promise<void> {
    this.#turn.onStop(this.#taken.resolve)
    void this.#takeChunks()
    return this.#taken.promise
  }

  /** Ends what `take` began: nothing watches over the turn's time any more, and a stop has no effect on the reply. */
  close(): void {
    this.#deadline.clear()
    this.#turn.onStop(null)
  }

  /** Lets go of the chat interface of a turn that was asked to stop. Never rejects. */
  letGo(): Promise<void> {
    return letGo(this.#iterator, { ...this.#runtime, logger: this.#log })
  }

  /**
   * The loop that every chunk goes through. It waits for nothing but the chunk, so that no promise, function or timer is made for
   * one. When the turn is asked to stop, it is left behind, and throws away the chunk that it still gets, if it ever does.
   */
  async #takeChunks(): Promise<void> {
    const turn = this.#turn
    const { chat, limits, writer, observer } = this.#runtime
    try {
      const iterator = openReply(chat, turn, this.#log)
      this.#iterator = iterator
      for (let chunks = 1; turn.stopReason === null; chunks += 1) {
        const step = await iterator.next()
        if (turn.stopReason !== null) {
          if (step.done !== true) observer.chunksDiscarded(1)
          return
        }
        if (step.done === true) break
        this.#takeChunk(step.value)
        // Chunks that make no event have a bound too: they cost time like all others.
        if (chunks > 10 * limits.maxEvents) throw new OutputTooLargeError(`more than ${chunks - 1} chunks`)
        if (chunks % chunksPerTick === 0) {
          this.#deadline.pause() // a slow store is not the chat interface's fault
          await writer.written(turn)
          this.#deadline.chunk()
        }
      }
    } catch (error) {
      turn.stop(failureOf(error)) // so that nobody can cancel it any more
    }
    this.#taken.resolve()
  }

  #takeChunk(chunk: unknown): void {
    const turn = this.#turn
    const at = this.#deadline.chunk()
    if (!takeChunk(turn, chunk, this.#runtime.limits)) return
    turn.firstEventMs ??= at - (turn.begun?.monotonic ?? 0)
    this.#runtime.writer.schedule(turn)
  }
}

function openReply(chat: ChatInterface, turn: LiveTurn, log: TurnLog): AsyncIterator<unknown> {
  const reply: unknown = chat.reply(turn.message, turn.context(log))
  if (typeof reply !== 'object' || reply === null || !(Symbol.asyncIterator in reply)) {
    throw new NotAChunkError(`reply() returned ${describe(reply)}, and has to return an async iterable`)
  }
  return (reply as AsyncIterable<unknown>)[Symbol.asyncIterator]()
}
