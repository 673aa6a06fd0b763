import { NotFoundError } from '@colloquy/client'
import type { TurnEvent } from '../contract-types.js'
import type { ShownTurn } from './shown-turn.js'
import { endFault, isFinal, takeEvent } from './take-event.js'
import { fail, type Parts, type Talk, tell } from './talk.js'

/** Shows what happens in a turn, to its end, or until it is left because nobody looks. Never rejects. */
export async function followTurn(
  parts: Parts,
  talk: Talk,
  turn: ShownTurn,
  events: AsyncIterable<TurnEvent>,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  const leave = () => {
    turn.leave = undefined
    void iterator.return?.()
  }
  const isLeft = () => turn.leave !== leave
  turn.leave = leave
  if (!parts.isFollowed(talk)) leave()
  try {
    while (!isLeft()) {
      const { done, value } = await iterator.next()
      if (isLeft()) return
      if (done) break
      take(parts, talk, turn, value)
    }
  } catch (error) {
    if (isLeft()) return
    breakOff(parts, talk, turn, error)
  }
  turn.leave = undefined
}

/** Follows the turns of a talk that go on and that nobody follows. */
export function followLive(parts: Parts, talk: Talk): void {
  if (!parts.isFollowed(talk)) return
  for (const turn of talk.turns) if (turn.isLive && !turn.leave) void readOn(parts, talk, turn)
}

/** Follows a turn behind the last of its events that was seen. */
async function readOn(parts: Parts, talk: Talk, turn: ShownTurn): Promise<void> {
  const { ref, answer, seq } = turn
  if (!ref) return
  turn.isLive = true
  if (answer) turn.answer = { ...answer, status: 'streaming' }
  parts.show('now')
  const { turns } = parts.client().session(ref.session_id)
  await followTurn(parts, talk, turn, turns.events(ref.turn_id, { after: seq }))
}

function take(parts: Parts, talk: Talk, turn: ShownTurn, event: TurnEvent): void {
  const { options, show, say } = parts
  turn.seq = event.seq
  tell(options.onEvent, event)
  Object.assign(turn, takeEvent(turn, event))
  if (!isFinal(event)) {
    show('soon')
    return
  }
  turn.isLive = false
  const fault = endFault(event)
  if (fault) turn.again = () => say(turn.input)
  show('now')
  if (fault) fail(parts, talk, fault)
  tell(options.onFinish, { message: turn.answer, event })
}

/** What could not be read to its end may be read on; what the server has forgotten can only be said anew. */
function breakOff(parts: Parts, talk: Talk, turn: ShownTurn, error: unknown): void {
  turn.isLive = false
  if (turn.answer) turn.answer = { ...turn.answer, status: 'partial' }
  turn.again = error instanceof NotFoundError ? () => parts.say(turn.input) : () => readOn(parts, talk, turn)
  parts.show('now')
  fail(parts, talk, error)
}
