import { explainChatError } from './explain-chat-error.js'
import { newSaying, type Saying, say } from './say.js'
import { type PromptInput, readInput } from './slash/read-input.js'
import { runCommand } from './slash/run-command.js'
import type { SlashName } from './slash/slash-commands.js'
import type { Talk } from './talk.js'

/** What is known at the next prompt of the one before. */
interface Before {
  /** What was typed, when the server did not take it. */
  readonly unsent?: { readonly typed: string; readonly saying: Saying }
  readonly isArmed?: boolean
}

/** Asks for messages and commands, and does what they say, until whoever types leaves. */
export async function promptUntilLeft(talk: Talk): Promise<void> {
  const { source, answering } = talk
  let before: Before = {}
  while (!answering.hasLeft()) {
    const { unsent, isArmed } = before
    const typed = await source.read({ text: unsent?.typed, isArmed: isArmed ?? false })
    if (typed === undefined) return
    const input = readInput(typed)
    if (input.kind === 'command' && input.name === 'quit') return
    if (input.kind === 'message') {
      // What may have been taken after all is not asked twice.
      const saying = typed === unsent?.typed ? unsent.saying : newSaying(input.message)
      const { isTaken, isStopped } = await say(talk, saying)
      before = isTaken ? { isArmed: isStopped } : { unsent: { typed, saying } }
    } else {
      await act(talk, input)
      before = {}
    }
  }
}

async function act(talk: Talk, input: Exclude<PromptInput, { readonly kind: 'message' }>): Promise<void> {
  const { screen } = talk
  switch (input.kind) {
    case 'nothing':
      return
    case 'unknown': {
      const { word, nearest } = input
      const hint = nearest === undefined ? '/help lists those there are.' : `Did you mean /${nearest}?`
      return screen.fault(
        `There is no command /${word}. ${hint} A message that begins with a slash: //${word}`,
      )
    }
    case 'command':
      return input.name === 'quit' ? undefined : run(talk, input.name, input.rest)
    default:
      input satisfies never
  }
}

/** Runs a command. Ctrl-C stops waiting for it. */
async function run(talk: Talk, name: Exclude<SlashName, 'quit'>, rest: string): Promise<void> {
  const { screen, connection, answering } = talk
  const signal = answering.begin(noTurn())
  signal.addEventListener('abort', connection.stopRequests, { once: true })
  try {
    await runCommand[name](talk, rest)
  } catch (error) {
    if (signal.aborted) return screen.note('stopped')
    const text = explainChatError(error, connection, { atPrompt: true })
    if (text === undefined) throw error
    screen.fault(text)
  } finally {
    answering.end()
    connection.allowRequests()
  }
}

/** There is none to stop. */
function noTurn(): Promise<never> {
  const none = Promise.reject(new Error('There is no turn.'))
  none.catch(() => undefined)
  return none
}
