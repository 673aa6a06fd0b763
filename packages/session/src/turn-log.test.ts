import { describe, expect, it } from 'vitest'
import type { Logger } from './logger.js'
import { testManager } from './manager.fixture.js'
import { recordLog } from './record-log.fixture.js'
import type { TurnReport } from './session-observer.js'

describe('the line of a turn', () => {
  it.each([
    ['client_request', 'client_request'],
    ['what a client wrote', 'other'],
  ])('that was cancelled because of "%s" gives the reason as %s', async (reason, logged) => {
    const lines: object[] = []
    const logger: Logger = {
      debug() {},
      info: (fields, message) => void lines.push({ ...fields, message }),
      warn() {},
      error() {},
      child: () => logger,
    }
    const { manager, clock } = testManager(
      async function* (_message, { signal }) {
        yield 'half'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
      { logger },
    )
    const turn = await manager.startTurn({ message: 'hi' })
    await clock.advance(70)
    await manager.cancelTurn(turn, { reason })
    expect(await turn.ended).toMatchObject({ reason })
    await manager.close()
    expect(lines).toEqual([
      {
        message: 'turn cancelled',
        session_id: turn.sessionId,
        turn_id: turn.turnId,
        outcome: 'cancelled',
        reason: logged,
        duration_ms: 70,
        first_event_ms: 0,
        events: 3,
      },
    ])
  })

  const reply = async function* (message: string) {
    if (message === 'fail') throw new Error('no model')
    yield message
  }

  it.each([
    ['is left out where whoever asked tells of a turn that completed', 'hi', () => true, []],
    ['is written where they do not', 'hi', () => false, ['turn completed']],
    ['is written of a turn that failed, whatever they say', 'fail', () => true, ['turn failed']],
    [
      'is written where they can not even say',
      'hi',
      () => {
        throw new Error('broken')
      },
      ['turn completed'],
    ],
  ])('%s', async (_what, message, answer, lines) => {
    const log = recordLog()
    const { manager } = testManager(reply, { logger: log.logger })
    const reports: TurnReport[] = []
    const onEnd = (report: TurnReport) => {
      reports.push(report)
      return answer()
    }
    const turn = await manager.startTurn({ message, onEnd })
    const { seq, type } = await turn.ended
    await manager.close()
    expect(reports).toMatchObject([
      { status: type.slice('turn.'.length), hasBegun: true, durationMs: 0, events: seq },
    ])
    expect(log.lines.map(({ msg }) => msg).filter((msg) => String(msg).startsWith('turn '))).toEqual(lines)
  })

  it('is not the matter of whoever repeats its request', async () => {
    const { manager } = testManager(reply)
    const key = { key: 'k', fingerprint: 'f' }
    await (await manager.startTurn({ message: 'hi', key })).ended
    const onEnd = () => {
      throw new Error('it is told')
    }
    expect(await manager.startTurn({ message: 'hi', key, onEnd })).toMatchObject({ isRepeated: true })
    await manager.close()
  })
})
