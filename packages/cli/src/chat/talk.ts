import type { Surroundings } from '../main-options.js'
import type { ChatScreen } from './chat-screen.js'
import type { CurrentSession } from './current-session.js'
import type { MessageSource } from './input/message-source.js'
import type { RunningAnswer } from './running-answer.js'
import type { ChatConnection } from './watched-connection.js'

/** A conversation on a terminal: what all that is done in it works with. */
export interface Talk {
  readonly connection: ChatConnection
  readonly screen: ChatScreen
  readonly source: MessageSource
  readonly session: CurrentSession
  readonly answering: RunningAnswer
  readonly place: Pick<Surroundings, 'cwd' | 'env'>
}
