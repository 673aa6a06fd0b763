import {
  type ChatContext,
  ChatError,
  type Chunk,
  type FinishReason,
  type TraceContext,
} from '@colloquy/session'
import type { Agent } from './agent.js'
import { AgentTurn } from './agent-turn.js'
import { fieldsOf } from './fields-of.js'
import { historyText } from './history-text.js'
import type { AcpSettings } from './read-options.js'
import type { AgentSession } from './session-book.js'

/** A prompt that is asked, and its end. */
export interface Prompt {
  readonly turn: AgentTurn
  /** Resolves when the agent has answered it, or has ended. Never rejects. */
  readonly answered: Promise<void>
  /** Takes nothing more of it, and tells the agent to end it. */
  readonly cancel: () => void
  /** Forgets it. What the agent still asks for is refused. */
  readonly forget: () => void
}

/** Asks an agent. What it answers comes in the queue of the turn, with what is known at the end. */
export function promptAgent(
  agent: Agent,
  session: AgentSession,
  message: string,
  context: ChatContext,
  settings: AcpSettings,
): Prompt {
  const { id: sessionId } = session
  if (agent.turns.has(sessionId))
    throw new ChatError('not_ready', `The agent ${settings.name} still answers in this session.`)
  let isOver = false
  const tellCancel = () => {
    if (!isOver) agent.tell('session/cancel', { sessionId })
    isOver = true
  }
  const turn = new AgentTurn(settings, agent.busyTerminals, context.logger, tellCancel)
  agent.turns.set(sessionId, turn)
  const isRenewed = session.isNew && context.history.length > 0
  turn.queue.hold(ownChunks(context, sessionId, isRenewed))
  session.isNew = false
  const texts = [...(isRenewed ? [historyText(context.history)] : []), message]
  const answered = agent.ask('session/prompt', requestOf(sessionId, texts, context.trace)).then(
    (answer) => {
      isOver = true
      turn.end(lastChunks(answer))
    },
    (error: unknown) => {
      isOver = true
      turn.fail(error instanceof Error ? error : new Error('The agent failed.'))
    },
  )
  return {
    turn,
    answered,
    cancel: () => {
      turn.stop()
      tellCancel()
    },
    forget: () => {
      turn.stop()
      agent.turns.delete(sessionId)
    },
  }
}

/** What is told of the session, beside what the agent says. */
function ownChunks({ state }: ChatContext, sessionId: string, isRenewed: boolean): Chunk[] {
  const isKept = fieldsOf(state)['session_id'] === sessionId
  return [
    ...(isKept ? [] : [{ type: 'state', state: { session_id: sessionId } } as const]),
    ...(isRenewed ? [{ type: 'data', name: 'session.renewed', data: {} } as const] : []),
  ]
}

/** With the trace that it is a part of, in the names that the protocol keeps for it (Extensibility, The `_meta` Field). */
function requestOf(sessionId: string, texts: readonly string[], trace: TraceContext | undefined) {
  const prompt = texts.map((text) => ({ type: 'text', text }))
  return { sessionId, prompt, ...(trace === undefined ? {} : { _meta: { ...trace } }) }
}

const finishReasons: ReadonlyMap<unknown, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['refusal', 'content_filter'],
])

/** What an answer has cost, which agents tell that speak a draft of the protocol, and why it ended. */
function lastChunks({ stopReason, usage }: Readonly<Record<string, unknown>>): Chunk[] {
  const { inputTokens, outputTokens } = fieldsOf(usage)
  return [
    ...(isCount(inputTokens) && isCount(outputTokens)
      ? [{ type: 'usage', inputTokens, outputTokens } as const]
      : []),
    { type: 'finish', reason: finishReasons.get(stopReason) ?? 'other' },
  ]
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
