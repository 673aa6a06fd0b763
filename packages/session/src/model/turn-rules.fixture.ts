import assert from 'node:assert/strict'
import type { Chunk } from '../chat-interface.js'
import type { SessionLimits } from '../limits.js'
import type { NewMessage, TurnEnd, TurnWrite } from '../session-store.js'
import { type FinalTurnEvent, isFinal, type TurnEvent, type TurnEventBody } from '../turn-event.js'
import { TurnTranscript } from '../turn-transcript.js'
import type { TurnModel } from './model-records.fixture.js'
import type { Answer } from './steered-chat.fixture.js'

/** What there is to hold a turn to. */
export interface TurnFacts {
  readonly now: number
  /** The answer of the chat interface, when it was asked. */
  readonly answer: Answer | undefined
  /** The reasons for which somebody wanted it stopped. */
  readonly reasons: ReadonlySet<string>
  /** The place in line that the store told last. */
  readonly place: number | undefined
  /** When the store last had it that the place has become worse; undefined when it never did. */
  readonly worseAt: number | undefined
  readonly isClosing: boolean
  /** Whether it has to stop by now. */
  readonly hasToStop: boolean
  readonly limits: SessionLimits
}

/** At most so often is a turn told that its place has become worse, in milliseconds. */
export const worseMs = 1_000

/** How often these events say that a turn's place has become worse. */
export function worsenings(events: readonly TurnEvent[]): number {
  const places = events.flatMap((event) => (event.type === 'turn.queued' ? [event.position] : []))
  return places.filter((place, index) => place > (places[index - 1] ?? place)).length
}

/** Holds what is written about a turn to what its chat interface has said, and to who wanted it stopped. */
export function checkWrite(turn: TurnModel, { events, end }: TurnWrite, facts: TurnFacts): void {
  const { turnId } = turn.ref
  const saidBefore = turn.events.filter(isSaid).length
  const toSay = (facts.answer?.yielded ?? []).flatMap(eventOf)
  const said = new TurnTranscript()
  for (const event of turn.events) said.add(event)
  let seq = turn.events.length
  let place = saidBefore
  for (const event of events) {
    const { seq: found, ...body } = event
    seq += 1
    assert.equal(found, seq, `${turnId}: the number of an event`)
    assert(seq === 1 || !isFinal(event) || event === events.at(-1), `${turnId}: something follows its end`)
    if (event.type === 'turn.queued') {
      assert.equal(turn.startedAt, null, `${turnId}: told its place when it had begun`)
      assert.equal(event.position, facts.place, `${turnId}: its place`)
    }
    if (isSaid(event)) {
      assert.deepStrictEqual(body, toSay[place], `${turnId}: what was said`)
      place += 1
    }
    said.add(event)
  }
  const seconds = Math.floor((facts.now - turn.createdAt) / worseMs)
  const worse = worsenings([...turn.events, ...events])
  assert(worse <= seconds + 1, `${turnId}: told ${worse} times in ${seconds} s that its place is worse`)
  const final = events.at(-1)
  assert.equal(
    end !== undefined,
    final !== undefined && isFinal(final),
    `${turnId}: an end has a final event`,
  )
  if (end === undefined || final === undefined || !isFinal(final)) return
  checkEnd(turn, { end, final, said, isAllSaid: place === toSay.length }, facts)
}

function checkEnd(
  turn: TurnModel,
  {
    end,
    final,
    said,
    isAllSaid,
  }: {
    readonly end: TurnEnd
    readonly final: FinalTurnEvent
    readonly said: TurnTranscript
    readonly isAllSaid: boolean
  },
  facts: TurnFacts,
): void {
  const { turnId, sessionId } = turn.ref
  const { answer, reasons, now } = facts
  const { content, functionsCalled } = said
  const { seq: _seq, ...body } = final
  assert.equal(end.endedAt <= now && end.endedAt >= (turn.startedAt ?? turn.createdAt), true, 'when it ended')
  const common = { content }
  if (final.type === 'turn.completed') {
    assert(answer?.outcome === 'returned' && isAllSaid, `${turnId}: completed before all was said`)
    assert.deepStrictEqual(body, {
      type: 'turn.completed',
      sessionId,
      turnId,
      messageId: end.message?.messageId,
      ...common,
      functionsCalled: [...functionsCalled],
      finishReason: 'stop',
      usage: null,
      durationMs: end.endedAt - turn.createdAt,
      endedAt: end.endedAt,
    })
  } else if (final.type === 'turn.cancelled') {
    assert(reasons.has(final.reason), `${turnId}: cancelled for ${final.reason}, which nobody wanted`)
    assert.deepStrictEqual(body, { type: 'turn.cancelled', reason: final.reason, ...common })
  } else if (final.type === 'turn.interrupted') {
    assert(facts.isClosing && final.reason === 'shutdown', `${turnId}: interrupted for ${final.reason}`)
    assert.deepStrictEqual(body, { type: 'turn.interrupted', reason: 'shutdown', ...common })
  } else {
    const isLate = answer !== undefined && isOverdue(answer, facts)
    assert(
      final.code === 'chat_failed' ? answer?.outcome === 'failed' : final.code === 'chat_timeout' && isLate,
      `${turnId}: failed with ${final.code}`,
    )
    assert.deepStrictEqual(body, { type: 'turn.failed', code: final.code, ...common })
  }
  const state = answer?.yielded.findLast((chunk) => chunk.type === 'state')
  const isComplete = final.type === 'turn.completed'
  const message: NewMessage = {
    messageId: end.message?.messageId ?? '',
    turnId,
    role: 'assistant',
    content,
    ...(functionsCalled.length > 0 ? { functionsCalled: [...functionsCalled] } : {}),
    status: isComplete ? 'complete' : 'partial',
    createdAt: end.endedAt,
  }
  assert.deepStrictEqual(
    end,
    {
      status: final.type.slice('turn.'.length),
      endedAt: end.endedAt,
      message: isComplete || content !== '' ? message : null,
      functionsCalled: [...functionsCalled],
      ...(isComplete && state !== undefined ? { state: state.state } : {}),
    },
    `${turnId}: its end`,
  )
}

/** Whether an answer has taken longer than it may. */
export function isOverdue(
  { begunAt, lastChunkAt, yielded }: Answer,
  { now, limits }: Pick<TurnFacts, 'now' | 'limits'>,
): boolean {
  const { firstChunkTimeoutMs, chunkTimeoutMs, turnTimeoutMs } = limits
  const chunkMs = yielded.length === 0 ? firstChunkTimeoutMs : chunkTimeoutMs
  return now >= lastChunkAt + chunkMs || now >= begunAt + turnTimeoutMs
}

/** Whether an event is something that the chat interface said. */
function isSaid({ type }: TurnEvent): boolean {
  return ['text.delta', 'function.called', 'function.returned', 'data'].includes(type)
}

/** The event that a chunk becomes, if it becomes one. */
function eventOf(chunk: Chunk): TurnEventBody[] {
  switch (chunk.type) {
    case 'text':
      return [{ type: 'text.delta', text: chunk.text }]
    case 'functionCall':
      return [{ ...chunk, type: 'function.called' }]
    case 'functionResult':
      return [{ ...chunk, type: 'function.returned' }]
    case 'data':
      return [chunk]
    case 'state':
    case 'usage':
    case 'finish':
      return []
  }
}
