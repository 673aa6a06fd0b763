import type { ChatInterface } from '@colloquy/session'
import { replyWithSignal } from '../reply-with-signal.js'
import type { AcpOptions } from './acp-options.js'
import { type AnswerParts, answerMessage } from './answer-message.js'
import { keepAgent } from './keep-agent.js'
import { readOptions } from './read-options.js'
import { SessionBook } from './session-book.js'

/**
 * Makes a chat interface of an agent that speaks the Agent Client Protocol, version 1, on its stdin and stdout, as editors drive
 * them. One process answers all sessions; each has a session of the agent of its own, whose id is in its state.
 *
 * `start()` starts the agent. One that ends fails the turns that it was answering, and is started again with the next message.
 * `stop()` ends it, with all that it and its terminals have started.
 *
 * The agent is no sandbox: what it does itself, in its own process, it does with the rights of that process. The options say what
 * it is told when it asks.
 *
 * It needs the package `@agentclientprotocol/sdk`, which is imported when the agent is started: from `cwd` where it is installed there,
 * or else from beside this package. `start()` rejects where it is missing, and says what to install.
 *
 * @throws TypeError | RangeError for options that are not usable
 * @example export default fromAcp({ command: 'my-agent', args: ['--acp'], permissions: { allow: ['read', 'search'] } })
 */
export function fromAcp(options: AcpOptions): ChatInterface {
  const settings = readOptions(options)
  const keeper = keepAgent(settings)
  const parts: AnswerParts = { settings, keeper, book: new SessionBook(settings) }
  return {
    name: settings.name,
    start: async () => void (await keeper.running()),
    stop: () => keeper.stop(),
    health: () => keeper.health(),
    reply: (message, context) =>
      replyWithSignal(context, (context) => answerMessage(message, context, parts)),
  }
}
