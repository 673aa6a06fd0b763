import type { TurnEvent } from '@colloquy/client'
import type { ChatScreen } from '../chat-screen.js'
import type { ChatConnection } from '../watched-connection.js'
import { createAnswerView } from './answer-view.js'
import type { TurnEnd } from './describe-end.js'
import { createReconnectingNotice } from './reconnecting-notice.js'
import { createWaitingLine } from './waiting-line.js'

/** Where an answer is shown, and how. */
export interface AnswerReading {
  readonly screen: ChatScreen
  readonly connection: Pick<ChatConnection, 'onWait'>
  /** Whether function calls, and waiting behind others, are shown. */
  readonly showsCalls: boolean
  /** Is told of a lost connection where the screen has no line for what passes. Default: it is noted among the answers. */
  readonly onLost?: (text: string) => void
  /** Gets each event. Default: nobody. */
  readonly onEvent?: (event: TurnEvent) => void
}

const lost = 'Connection lost, reconnecting…'
const notYet = 'No server answers, trying again…'

/**
 * Shows the events of a turn as they come. Resolves with how it ended, and undefined when nothing came.
 *
 * @throws what reading the events fails with
 */
export async function readAnswer(
  events: AsyncIterable<TurnEvent>,
  { screen, connection, showsCalls, onLost = screen.note, onEvent }: AnswerReading,
): Promise<TurnEnd | undefined> {
  const view = createAnswerView(screen, { showsCalls })
  const waiting = createWaitingLine(screen)
  const notice = createReconnectingNotice(connection, () => {
    if (screen.hasStatus) waiting.begin(hasCome ? lost : notYet)
    else if (hasCome) onLost(lost)
  })
  let hasText = false
  let hasCome = false
  waiting.begin()
  try {
    for await (const event of events) {
      hasCome = true
      notice.came()
      waiting.end()
      onEvent?.(event)
      const end = view.take(event)
      if (end !== undefined) return end
      hasText ||= event.type === 'text.delta'
      const isThinking = event.type === 'turn.started' || event.type === 'data'
      if (isThinking && !hasText) waiting.begin()
    }
    return undefined
  } finally {
    notice.end()
    waiting.end()
    screen.endLine()
  }
}
