import { openTalk } from './load-talk.js'
import type { Talk } from './talk.js'

/** Does again what went wrong with the last turn that has such a message, or else with reading the session. */
export async function retryTurn(talk: Talk, messageId?: string): Promise<void> {
  const turn = talk.turns.findLast(
    ({ again, user, assistant }) => again && (!messageId || [user?.id, assistant?.id].includes(messageId)),
  )
  talk.error = undefined
  talk.show()
  if (!turn) return openTalk(talk)
  const { again } = turn
  turn.again = undefined
  await again?.()
}
