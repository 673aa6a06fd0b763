import { describe, expect, it } from 'vitest'
import type { Chunk } from './chat-interface.js'
import { testManager } from './manager.fixture.js'
import { recordLog } from './record-log.fixture.js'

const call = { callId: 'c', name: 'f' }
const made: Chunk = { type: 'functionCall', ...call, arguments: {} }
const most = Number.MAX_SAFE_INTEGER

/** How a turn ends of which this is said, and the error that the log has of it. */
async function endOf(...chunks: readonly unknown[]) {
  const { logger, lines } = recordLog()
  const { manager } = testManager(
    async function* () {
      yield* chunks as Chunk[]
    },
    { logger },
  )
  const end = await (await manager.startTurn({ message: 'hello' })).ended
  await manager.close()
  const error = lines.find(({ level }) => level === 'error')?.['err']
  return { end, error: error instanceof Error ? `${error.name}: ${error.message}` : null }
}

describe('a result of a function', () => {
  it.each<[string, object, object]>([
    ['a result', { result: 5, error: undefined }, { result: 5 }],
    ['an error', { result: undefined, error: 'nothing there' }, { error: 'nothing there' }],
  ])('is %s where the other is undefined', async (_what, given, kept) => {
    const { end, error } = await endOf(made, { type: 'functionResult', ...call, ...given })
    expect(error).toBeNull()
    expect(end).toMatchObject({ type: 'turn.completed' })
    expect('functionsCalled' in end && end.functionsCalled).toEqual([{ ...call, arguments: {}, ...kept }])
  })

  it.each([[{ result: 5 }], [{ result: null }]])('is not %j and an error', async (given) => {
    const { end, error } = await endOf(made, { type: 'functionResult', ...call, ...given, error: 'secret' })
    expect(end).toMatchObject({ type: 'turn.failed', code: 'chat_failed' })
    expect(error).toBe(
      'NotAChunkError: a functionResult chunk with both a result and an error, of which it may have one',
    )
  })

  it.each([
    [{ result: 1 }, { result: 2 }],
    [{ result: null }, { error: 'x' }],
    [{ error: 'x' }, { result: 2 }],
  ])('comes once for a call: after %j, %j is refused', async (first, second) => {
    const returned = { type: 'functionResult', ...call }
    const { end, error } = await endOf(made, { ...returned, ...first }, { ...returned, ...second })
    expect(end).toMatchObject({ type: 'turn.failed', code: 'chat_failed' })
    expect(error).toBe('NotAChunkError: a functionResult chunk for a call that has its result already')
  })

  it('comes once for each of two calls that have the same id', async () => {
    const returned = (result: number) => ({ type: 'functionResult', ...call, result })
    const { end } = await endOf(made, returned(1), made, returned(2))
    expect(end).toMatchObject({ type: 'turn.completed', functionsCalled: [{ result: 1 }, { result: 2 }] })
  })
})

describe('usage', () => {
  it.each([
    ['inputTokens', { inputTokens: most, outputTokens: 0 }],
    ['outputTokens', { inputTokens: 0, outputTokens: most }],
  ])('is refused where all %s together are no safe integer', async (name, usage) => {
    const { end, error } = await endOf({ type: 'usage', ...usage }, { type: 'usage', ...usage })
    expect(end).toMatchObject({ type: 'turn.failed', code: 'chat_failed' })
    expect(error).toBe(
      `NotAChunkError: a usage chunk with which the ${name} of the turn are more than ${most}, the most that can be counted`,
    )
  })

  it('may come to the largest safe integer', async () => {
    const usage = { type: 'usage', inputTokens: most - 1, outputTokens: 0 }
    const { end } = await endOf(usage, { ...usage, inputTokens: 1 })
    expect(end).toMatchObject({
      type: 'turn.completed',
      usage: { inputTokens: most, outputTokens: 0 },
    })
  })
})
