import type { ChatContext, ChatInterface, Chunk } from '@colloquy/session'
import { checkMs, checkOptions, checkProgram } from '../child/check-program.js'
import type { Child } from '../child/start-child.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { answerText } from './answer-text.js'
import { commandName } from './command-name.js'
import type { ExecOptions } from './exec-options.js'
import { failureOf, runCommand } from './run-command.js'

/**
 * Makes a chat interface of a command line for the shell (/bin/sh), which is run for each message: the message, in UTF-8 and
 * with nothing added, is its stdin, and its stdout is the answer, as it comes. One line end at the end of its output is not part
 * of the answer. What it writes to its stderr goes to the turn's log. The environment has `COLLOQUY_SESSION_ID` and
 * `COLLOQUY_TURN_ID`.
 *
 * An exit code other than 0 fails the turn, with what came until then as its partial answer. When the turn is stopped, the command
 * and all that it has started get SIGTERM, and after the grace SIGKILL. It can write no faster than its answer is taken. What it
 * starts and leaves running when it ends is killed, and not waited for where it has left the process group (`setsid`).
 *
 * Nobody ends a command when the server itself is killed (SIGKILL): it goes on, until it writes to its stdout, which nobody reads any
 * more (SIGPIPE), or is done. Give one that may take long a limit of its own, such as `timeout 60 my-bot`.
 *
 * @throws TypeError | RangeError for a command that is empty, and for options that are not usable
 */
export function fromExec(command: string, options: ExecOptions = {}): ChatInterface {
  checkOptions('fromExec()', options)
  checkProgram('fromExec()', command, options)
  checkMs('fromExec(): killGraceMs', options.killGraceMs)
  const { name = commandName(command), ...place } = options
  const running = new Set<Child>()
  const end = async (child: Child) => {
    child.stdout.destroy() // nobody reads the rest, and its end is seen only then
    await child.end()
    running.delete(child)
  }

  async function* answer(
    message: string,
    context: ChatContext,
  ): AsyncGenerator<Chunk | string, void, undefined> {
    const { signal } = context
    const child = runCommand(command, message, context, place)
    running.add(child)
    const stop = () => void end(child)
    signal.addEventListener('abort', stop)
    try {
      yield* answerText(child.stdout)
      const failure = failureOf(name, await child.ended)
      if (failure !== undefined && !signal.aborted) throw failure
    } catch (error) {
      // Reading what was taken away from the reader fails; that is no failure of the command.
      if (!signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
      await end(child)
    }
  }

  return {
    name,
    async stop() {
      await Promise.all([...running].map(end))
    },
    reply: (message, context) => replyWithSignal(context, (context) => answer(message, context)),
  }
}
