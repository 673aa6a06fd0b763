import type { ChatContext, TraceContext } from '../chat-interface.js'
import type { Beginning } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import type { TurnLog } from './turn-log.js'

/** What a context is made of. */
export interface TurnContextParts {
  readonly ref: TurnRef
  readonly beginning: Beginning
  readonly trace: TraceContext | undefined
  readonly signal: AbortSignal
  readonly log: TurnLog
}

/**
 * What a chat interface is told of its turn. The history is made when it is asked for, because not every chat interface
 * wants to know; yet it is a property like the others, also for whoever copies the context.
 */
export class TurnContext implements ChatContext {
  declare readonly history: ChatContext['history']
  readonly session: ChatContext['session']
  readonly turnId: string
  declare readonly trace?: TraceContext
  readonly signal: AbortSignal
  readonly logger: ChatContext['logger']
  readonly state: ChatContext['state']
  readonly #beginning: Beginning
  #history: ChatContext['history'] | undefined

  constructor({ ref, beginning, trace, signal, log }: TurnContextParts) {
    const { session, state } = beginning
    this.#beginning = beginning
    this.session = { id: session.sessionId, metadata: session.metadata, chat: session.chat }
    this.turnId = ref.turnId
    if (trace !== undefined) this.trace = trace
    this.signal = signal
    this.logger = log
    this.state = state
    Object.defineProperty(this, 'history', TurnContext.#property)
  }

  // One function for all contexts: an object with a getter of its own has a shape of its own, which the garbage
  // collector takes for old from the beginning, and keeps with all that hangs on it until the next full collection.
  static readonly #property: PropertyDescriptor & ThisType<TurnContext> = {
    enumerable: true,
    configurable: true,
    get() {
      this.#history ??= this.#beginning.history.map(({ role, content, functionsCalled }) =>
        functionsCalled === undefined ? { role, content } : { role, content, functionsCalled },
      )
      return this.#history
    },
  }
}
