import type { TurnEnd } from './session-store.js'
import type { TurnInterrupted, TurnRef } from './turn-event.js'
import { partialMessage, type TurnTranscript } from './turn-transcript.js'

/**
 * How a turn ends that nobody runs any more, whoever ends it: its last event, which is still to be numbered, and what is
 * kept with that. Its message, when it has said something, has an id that no other message has.
 *
 * @param transcript what it has said and done so far
 */
export function interruptedEnd(
  ref: TurnRef,
  transcript: TurnTranscript,
  { now, reason }: { readonly now: number; readonly reason: string },
): { readonly event: TurnInterrupted; readonly end: TurnEnd } {
  const { content } = transcript
  // The turn's whole id: no other turn has it, an interrupted one has one message at most, and no other message is named so.
  const message = partialMessage(transcript, { ref, messageId: `msg_${ref.turnId}`, at: now })
  return {
    event: { type: 'turn.interrupted', reason, content },
    end: {
      status: 'interrupted',
      endedAt: now,
      message,
      functionsCalled: transcript.calls(),
    },
  }
}
