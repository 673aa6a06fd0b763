import type { Turn } from '@colloquy/contract'
import { type FunctionCall, type SessionScope, type TurnRecord, TurnTranscript } from '@colloquy/session'
import { turnProblemFrom } from './problem-from.js'
import { time, turnFailure, wireFunctionCall, wireUsage } from './to-wire.js'

/** Where the events of turns are. */
type TurnSource = Pick<SessionScope, 'eventBatches'>

/**
 * A turn as it travels. One that runs is read through for what it has said so far; the signal stops that.
 *
 * @throws SessionError `turn_not_found` when it was deleted meanwhile, `store_unavailable`
 */
export async function wireTurn(record: TurnRecord, scope: TurnSource, signal: AbortSignal): Promise<Turn> {
  const { final } = record
  const { content, functionsCalled } = await saidIn(record, scope, signal)
  const completed = final?.type === 'turn.completed' ? final : null
  const failed = final?.type === 'turn.failed' ? final : null
  return {
    turn_id: record.turnId,
    session_id: record.sessionId,
    status: record.status,
    created_at: time(record.createdAt),
    started_at: record.startedAt === null ? null : time(record.startedAt),
    ended_at: record.endedAt === null ? null : time(record.endedAt),
    content,
    functions_called: functionsCalled.map(wireFunctionCall),
    finish_reason: completed?.finishReason ?? null,
    usage: completed === null ? null : wireUsage(completed.usage),
    error: failed === null ? null : turnProblemFrom(turnFailure(failed, record)),
    metadata: record.metadata,
  }
}

/** What a turn has said and done: its record has it once it has ended, and until then its events. */
async function saidIn(
  record: TurnRecord,
  scope: TurnSource,
  signal: AbortSignal,
): Promise<{ readonly content: string; readonly functionsCalled: readonly FunctionCall[] }> {
  const { final, functionsCalled, startedAt, lastSeq } = record
  if (final !== null) return { content: final.content, functionsCalled }
  const transcript = new TurnTranscript()
  if (startedAt === null) return transcript
  for await (const batch of scope.eventBatches(record, { signal, attend: false })) {
    for (const event of batch) if (event.seq <= lastSeq) transcript.add(event)
    if ((batch.at(-1)?.seq ?? 0) >= lastSeq) break // what comes after it belongs to a later moment
  }
  return transcript
}
