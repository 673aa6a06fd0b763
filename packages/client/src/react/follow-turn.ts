import type { TurnEvent } from '../contract-types.js'
import { mark, type ShownTurn } from './shown-turn.js'
import { endFault, isFinal, takeEvent } from './take-event.js'
import { codeOf, fail, type Talk, tell } from './talk.js'

/** Shows what happens in a turn, to its end, or until it is left because nobody looks. Never rejects. */
export async function followTurn(
  talk: Talk,
  turn: ShownTurn,
  events: AsyncIterable<TurnEvent>,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  let isLeft = false
  turn.leave = () => {
    isLeft = true
    turn.leave = undefined
    void iterator.return?.()
  }
  if (!talk.isFollowed) turn.leave()
  try {
    while (!isLeft) {
      const { done, value } = await iterator.next()
      if (done || isLeft) break
      take(talk, turn, value)
    }
  } catch (error) {
    if (!isLeft) breakOff(talk, turn, error)
  }
  if (!isLeft) turn.leave = undefined
}

/** Follows the turns of a talk that go on and that nobody follows. */
export function followLive(talk: Talk): void {
  if (!talk.isFollowed) return
  for (const turn of talk.turns) if (turn.isLive && !turn.leave) void readOn(talk, turn)
}

/** Follows a turn behind the last of its events that was seen. */
async function readOn(talk: Talk, turn: ShownTurn): Promise<void> {
  const { ref, seq: after } = turn
  if (!ref) return
  mark(turn, 'assistant', 'streaming', true)
  talk.show()
  const { turns } = talk.client().session(ref.session_id)
  await followTurn(talk, turn, turns.events(ref.turn_id, { after }))
}

function take(talk: Talk, turn: ShownTurn, event: TurnEvent): void {
  const { onEvent, onFinish } = talk.options()
  turn.seq = event.seq
  tell(onEvent, event)
  Object.assign(turn, takeEvent(turn, event))
  if (!isFinal(event)) {
    talk.showSoon()
    return
  }
  turn.isLive = false
  const fault = endFault(event)
  if (fault) {
    turn.again = () => talk.say(turn.input)
    fail(talk, fault)
  }
  talk.show()
  tell(onFinish, { message: turn.assistant, event })
}

/** What could not be read to its end may be read on; what the server has forgotten can only be said anew. */
function breakOff(talk: Talk, turn: ShownTurn, error: unknown): void {
  mark(turn, 'assistant', 'partial', false)
  const isForgotten = codeOf(error).endsWith('not_found')
  turn.again = () => (isForgotten ? talk.say(turn.input) : readOn(talk, turn))
  fail(talk, error)
}
