import assert from 'node:assert/strict'
import type { ChatContext, ChatInterface, Chunk } from '../chat-interface.js'
import type { JsonValue } from '../json.js'
import type { Beginning } from '../session-store.js'

/** What an answer does, step by step. At a `gate` it waits until it is let on. */
export type Step =
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'call'; readonly result?: JsonValue; readonly error?: string }
  | { readonly do: 'data'; readonly data: JsonValue }
  | { readonly do: 'state'; readonly state: JsonValue }
  | { readonly do: 'gate' }
  | { readonly do: 'fail' }

/** How an answer that waits takes it when its signal is aborted. */
export type Heed = 'returns' | 'throws' | 'ignores'

/** An answer to one message. */
export interface Script {
  readonly steps: readonly Step[]
  readonly heed: Heed
}

/** What is known of an answer that was asked for. */
export class Answer {
  readonly script: Script
  readonly sessionId: string
  readonly turnId: string
  readonly signal: AbortSignal
  readonly begunAt: number
  /** When it last yielded, or began. */
  lastChunkAt: number
  /** When its signal was aborted; null when it was not. */
  abortedAt: number | null = null
  /** What it has yielded until its signal was aborted. */
  readonly yielded: Chunk[] = []
  /** How it came to its end by itself. */
  outcome: 'running' | 'returned' | 'failed' | 'stopped' = 'running'
  /** Lets it on, where it waits at a gate. */
  open: (() => void) | null = null

  constructor(script: Script, { session, turnId, signal }: ChatContext, now: () => number) {
    this.script = script
    this.sessionId = session.id
    this.turnId = turnId
    this.signal = signal
    this.begunAt = now()
    this.lastChunkAt = this.begunAt
    signal.addEventListener('abort', () => {
      this.abortedAt = now()
    })
  }
}

/** What a chat interface that is steered from outside has to know, and whom it tells. */
export interface Steering {
  readonly now: () => number
  readonly scriptOf: (message: string) => Script | undefined
  /** What the store said when it let the turn run. */
  readonly beginningOf: (turnId: string) => Beginning | undefined
  readonly failed: (error: unknown) => void
}

/** A chat interface that follows scripts, and holds what it is told to what it was promised. */
export function steeredChat(steering: Steering): ChatInterface & { readonly answers: readonly Answer[] } {
  const answers: Answer[] = []
  return {
    name: 'steered',
    answers,
    reply(message, context) {
      const script = steering.scriptOf(message) ?? { steps: [], heed: 'returns' }
      const answer = new Answer(script, context, steering.now)
      try {
        checkContext(context, answers, steering)
      } catch (error) {
        steering.failed(error)
      }
      answers.push(answer)
      return follow(answer, context.signal, steering.now)
    },
  }
}

function checkContext(context: ChatContext, answers: readonly Answer[], { beginningOf }: Steering): void {
  const { turnId, session, signal } = context
  assert(!signal.aborted, `${turnId}: the chat interface is asked, and told to stop before it begins`)
  assert(!answers.some((other) => other.turnId === turnId), `${turnId}: the chat interface is asked twice`)
  const atOnce = answers.find(
    (other) => other.sessionId === session.id && other.outcome === 'running' && other.abortedAt === null,
  )
  assert.equal(atOnce, undefined, `${turnId}: asked while ${atOnce?.turnId} of the same session is answered`)
  const beginning = beginningOf(turnId)
  assert(beginning !== undefined, `${turnId}: asked before the store let the turn run`)
  assert.deepStrictEqual(
    context.history,
    beginning.history.map(({ role, content, functionsCalled }) =>
      functionsCalled === undefined ? { role, content } : { role, content, functionsCalled },
    ),
    `${turnId}: the history`,
  )
  assert.deepStrictEqual(context.state, beginning.state, `${turnId}: the state`)
  assert.deepStrictEqual(session.metadata, beginning.session.metadata, `${turnId}: the metadata`)
}

async function* follow(answer: Answer, signal: AbortSignal, now: () => number): AsyncGenerator<Chunk> {
  const { steps, heed } = answer.script
  try {
    for (const [index, step] of steps.entries()) {
      if (step.do === 'fail') {
        answer.outcome = 'failed'
        throw new Error('The script says so.')
      }
      if (step.do === 'gate') {
        if ((await gate(answer, signal, heed)) === 'stopped') {
          answer.outcome = 'stopped'
          if (heed === 'throws') throw signal.reason
          return
        }
        continue
      }
      for (const chunk of chunksOf(step, `call_${index}`)) {
        // What comes later is nobody's business.
        if (answer.abortedAt === null) {
          answer.yielded.push(chunk)
          answer.lastChunkAt = now()
        }
        yield chunk
      }
    }
    answer.outcome = 'returned'
  } finally {
    if (answer.outcome === 'running') answer.outcome = 'stopped'
  }
}

/** Waits at a gate, until it is opened or the signal is aborted. */
async function gate(answer: Answer, signal: AbortSignal, heed: Heed): Promise<'opened' | 'stopped'> {
  const { promise, resolve } = Promise.withResolvers<'opened' | 'stopped'>()
  answer.open = () => resolve('opened')
  const stop = () => {
    if (heed !== 'ignores') resolve('stopped')
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  const result = await promise
  signal.removeEventListener('abort', stop)
  answer.open = null
  return result
}

function chunksOf(step: Exclude<Step, { do: 'gate' } | { do: 'fail' }>, callId: string): Chunk[] {
  switch (step.do) {
    case 'say':
      return [{ type: 'text', text: step.text }]
    case 'call': {
      const call = { callId, name: 'look_up' }
      const { result, error } = step
      const made: Chunk = { type: 'functionCall', ...call, arguments: {} }
      if (error !== undefined) return [made, { type: 'functionResult', ...call, error }]
      return result === undefined ? [made] : [made, { type: 'functionResult', ...call, result }]
    }
    case 'data':
      return [{ type: 'data', name: 'picture', data: step.data }]
    case 'state':
      return [{ type: 'state', state: step.state }]
  }
}
