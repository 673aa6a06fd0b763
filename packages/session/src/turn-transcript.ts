import type { FunctionCall } from './chat-interface.js'
import type { NewMessage } from './session-store.js'
import type { TurnEventBody, TurnRef } from './turn-event.js'

/** Most turns call no functions, and all of these share it. */
const noCalls: readonly FunctionCall[] = Object.freeze([])

/** A text is long from so many UTF-16 code units on. */
const longText = 1_024

/** What a turn has said and done so far: a fold over its events, the same whoever folds them. */
export class TurnTranscript {
  #content = ''
  /** What is not in it yet. */
  #pieces: string[] = []
  /** The calls so far, in the order in which they were made. */
  readonly functionsCalled: FunctionCall[] = []

  /** All text so far. */
  get content(): string {
    if (this.#pieces.length > 0) {
      this.#content += this.#pieces.join('')
      this.#pieces = []
    }
    return this.#content
  }

  /**
   * Takes in one more text. Short ones are joined when they are asked for: a text to which V8 adds piece by piece stays a
   * chain of all these pieces for as long as it is kept, four times as long as the text of a usual answer. Of long ones
   * such a chain is what is wanted: it takes no room for what the events have already.
   */
  say(text: string): void {
    if (this.#content === '') this.#content = text
    else if (text.length < longText) this.#pieces.push(text)
    else this.#content = this.content + text
  }

  /** Takes in one more event. */
  add(event: TurnEventBody): void {
    switch (event.type) {
      case 'text.delta':
        this.say(event.text)
        return
      case 'function.called': {
        const { callId, name, arguments: args } = event
        this.functionsCalled.push(Object.freeze({ callId, name, arguments: args }))
        return
      }
      case 'function.returned': {
        const index = this.indexOfCall(event.callId)
        const call = this.functionsCalled[index]
        if (call !== undefined) {
          const answer = 'error' in event ? { error: event.error } : { result: event.result }
          this.functionsCalled[index] = Object.freeze({ ...call, ...answer })
        }
        return
      }
      case 'turn.queued':
      case 'turn.started':
      case 'data':
      case 'turn.completed':
      case 'turn.failed':
      case 'turn.cancelled':
      case 'turn.interrupted':
        return
    }
  }

  /** The calls so far, as they stand now. */
  calls(): readonly FunctionCall[] {
    return this.functionsCalled.length === 0 ? noCalls : Object.freeze([...this.functionsCalled])
  }

  /** Where the latest call of this id stands; -1 when there was none. */
  indexOfCall(callId: string): number {
    return this.functionsCalled.findLastIndex((call) => call.callId === callId)
  }
}

/** What a turn has said and done in these events. */
export function transcriptOf(events: Iterable<TurnEventBody>): TurnTranscript {
  const transcript = new TurnTranscript()
  for (const event of events) transcript.add(event)
  return transcript
}

/**
 * The assistant's message of a turn that ended before its answer was whole: what there is, or null when nothing was
 * said. Nobody shows a message that says nothing.
 */
export function partialMessage(
  transcript: TurnTranscript,
  message: { readonly ref: TurnRef; readonly messageId: string; readonly at: number },
): NewMessage | null {
  if (transcript.content === '') return null
  return {
    messageId: message.messageId,
    turnId: message.ref.turnId,
    role: 'assistant',
    content: transcript.content,
    ...(transcript.functionsCalled.length > 0 ? { functionsCalled: transcript.calls() } : {}),
    status: 'partial',
    createdAt: message.at,
  }
}
