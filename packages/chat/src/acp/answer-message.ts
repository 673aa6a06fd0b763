import type { ChatContext, Chunk } from '@colloquy/session'
import { hasCode, turnError } from './agent-errors.js'
import type { AgentKeeper } from './keep-agent.js'
import { type Prompt, promptAgent } from './prompt-agent.js'
import type { AcpSettings } from './read-options.js'
import { notFound } from './request-error.js'
import type { AgentSession, SessionBook } from './session-book.js'
import { unlessAborted } from './unless-aborted.js'

/** What it takes to answer. */
export interface AnswerParts {
  readonly settings: AcpSettings
  readonly keeper: AgentKeeper
  readonly book: SessionBook
}

/**
 * Answers a message: with the agent that runs, in its session for this one. Where the agent does not know the session any more, and
 * so has not begun to answer, it is brought back, and asked again, once.
 */
export async function* answerMessage(
  message: string,
  context: ChatContext,
  parts: AnswerParts,
): AsyncGenerator<Chunk, void, undefined> {
  const { settings, keeper, book } = parts
  const { signal } = context
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const agent = await unlessAborted(keeper.running(), signal)
    if (agent === undefined) return
    const session = await book.open(agent, context)
    if (session === undefined || signal.aborted) return
    const prompt = promptAgent(agent, session, message, context, settings)
    try {
      yield* takeAnswer(prompt, session, signal, parts)
      return
    } catch (error) {
      const isUnknown = hasCode(error, notFound) && !prompt.turn.hasBegun
      if (!isUnknown || attempt === 2) throw turnError(error, 'session/prompt', settings.name)
      session.agent = undefined
    }
  }
}

/** What an agent says, until it has said all, or nobody wants it any more: then it is cancelled, and waited for. */
async function* takeAnswer(
  prompt: Prompt,
  session: AgentSession,
  signal: AbortSignal,
  { settings, keeper, book }: AnswerParts,
): AsyncGenerator<Chunk, void, undefined> {
  const { turn, cancel } = prompt
  let isOver = false
  void prompt.answered.then(() => (isOver = true))
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted) cancel()
  try {
    for (let chunk = await turn.queue.take(); chunk !== undefined; chunk = await turn.queue.take())
      yield chunk
    if (!signal.aborted) keeper.succeeded()
  } finally {
    signal.removeEventListener('abort', cancel)
    cancel()
    if (!isOver && !(await isWithin(prompt.answered, settings))) {
      settings.logger.warn({}, 'the agent did not end a turn that was cancelled; its session gets a new one')
      book.lose(session)
    }
    prompt.forget()
  }
}

/** Whether something is done within the grace. */
async function isWithin(
  done: Promise<void>,
  { clock, stopGraceMs }: Pick<AcpSettings, 'clock' | 'stopGraceMs'>,
): Promise<boolean> {
  const { promise: isLate, resolve } = Promise.withResolvers<false>()
  const cancelTimer = clock.after(stopGraceMs, () => resolve(false))
  try {
    return await Promise.race([done.then(() => true), isLate])
  } finally {
    cancelTimer()
  }
}
